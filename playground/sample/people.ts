import type { NewPerson } from '../people/who.ts';

/** A small software house in Helsinki that sells a till and an invoicing program. */
export const PEOPLE: NewPerson[] = [
  { name: 'anna', realName: 'Anna Mäkelä', locale: 'fi-FI', isAdmin: true, isOwner: true },
  { name: 'ben', realName: 'Ben Carter', locale: 'en-US' },
  { name: 'sofia', realName: 'Sofia Sundström', locale: 'sv-SE' },
  { name: 'dmitri', realName: 'Dmitri Volkov', locale: 'ru-RU' },
  { name: 'mikko', realName: 'Mikko Salo', locale: 'fi-FI' },
  { name: 'noora', realName: 'Noora Niemi', locale: 'fi-FI', isGuest: true },
].map((person) => ({ ...person, email: `${person.name}@pohjola.example`, displayName: person.realName.split(' ')[0] ?? person.name }));

const EVERYBODY = ['anna', 'ben', 'sofia', 'dmitri', 'mikko'];

export const CHANNELS = [
  { name: 'general', members: [...EVERYBODY, 'noora'], topic: 'The whole house' },
  { name: 'support', members: [...EVERYBODY, 'bot'], topic: 'One card is one customer matter. Answer in its thread.' },
  { name: 'billing', members: ['anna', 'sofia', 'mikko', 'bot'], topic: 'Invoices and refunds' },
  { name: 'dev', members: ['ben', 'dmitri', 'anna', 'bot'], topic: 'Code and servers' },
];

export const CUSTOMERS = {
  liisa: { name: 'Liisa Virtanen', address: 'liisa@kahvilakulma.example', locale: 'fi-FI', phone: '040 123 4567' },
  erik: { name: 'Erik Lindqvist', address: 'erik@nordljus.example', locale: 'sv-SE', phone: '' },
  ivan: { name: 'Иван Петров', address: 'ivan@lesnoy.example', locale: 'ru-RU', phone: '' },
  grace: { name: 'Grace Miller', address: 'grace@millerbooks.example', locale: 'en-GB', phone: '' },
};
