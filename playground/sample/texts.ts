import { deflateSync } from 'node:zlib';
import { CUSTOMERS } from './people.ts';

type Customer = keyof typeof CUSTOMERS;

export interface SampleMail {
  from: Customer;
  subject: string;
  text: string;
  html?: string;
  files?: { name: string; base64: string; contentId?: string }[];
}

const CSV = 'date;invoice;sum\n2026-11-02;1041;120,00\n2026-11-09;1042;84,50\n2026-11-16;1043;310,20\n';

/** What the desk finds on its first morning. */
export const MAILS: Record<string, SampleMail> = {
  bill: {
    from: 'liisa',
    subject: 'Lasku ei aukea',
    text: 'Hei,\n\nyritin avata marraskuun laskun, mutta sivulla on vain punainen laatikko ja virhe 403. Kuva liitteenä.\nSaisinko laskun vaikka sähköpostiin? Kirjanpitäjä odottaa sitä perjantaina.\n\nTerveisin\nLiisa Virtanen\nKahvila Kulma',
    files: [{ name: 'virhe-403.png', base64: picture([178, 38, 52]) }],
  },
  login: {
    from: 'erik',
    subject: 'Kan inte logga in efter uppdateringen',
    text: 'Hej!\n\nSedan uppdateringen i morse kommer jag inte in i kassan. Lösenordet är rätt, men jag skickas tillbaka till inloggningssidan varje gång. Vi öppnar butiken klockan tio.\n\nMed vänlig hälsning\nErik Lindqvist\nNordljus AB',
  },
  payment: {
    from: 'ivan',
    subject: 'Срочно: не проходит оплата картой',
    text: 'Здравствуйте!\n\nС сегодняшнего утра терминал отклоняет все карты, пишет «нет связи с банком». Интернет работает, перезагрузка не помогла. Покупатели уходят, помогите, пожалуйста, как можно скорее.\n\nС уважением,\nИван Петров',
  },
  export: {
    from: 'grace',
    subject: 'CSV export misses the last row',
    text: 'Hello,\n\nwhen I export the invoices of November, the file stops one row too early: invoice 1044 is on the screen but not in the file. I attach what I got.\n\nBest wishes,\nGrace Miller\nMiller Books',
    files: [{ name: 'invoices-november.csv', base64: Buffer.from(CSV).toString('base64') }],
  },
  logo: {
    from: 'grace',
    subject: 'Our new logo on the receipts',
    text: 'Hello again,\n\nwe have a new logo (below). Where do I put it so that it is printed on the receipts? It is 320 pixels wide; is that enough?\n\nGrace',
    html: '<p>Hello again,</p><p>we have a <b>new logo</b>:</p><p><img src="cid:logo@millerbooks" alt="Our logo" width="160"></p><p>Where do I put it so that it is printed on the receipts? It is 320 pixels wide; is that enough?</p><p>Grace</p>',
    files: [{ name: 'logo.png', base64: picture([16, 94, 122]), contentId: 'logo@millerbooks' }],
  },
  prices: {
    from: 'erik',
    subject: 'Pris för en andra kassa',
    text: 'Hej,\n\nvi öppnar en butik till i Borgå i januari. Vad kostar en andra kassa per månad, och får vi samma rapporter för båda butikerna?\n\nHälsningar\nErik',
  },
  staff: {
    from: 'ivan',
    subject: 'Как добавить нового сотрудника?',
    text: 'Добрый день!\n\nК нам пришла новая сотрудница, ей нужен доступ к кассе без отчётов. Где это настраивается?\n\nС уважением,\nИван Петров',
  },
  opening: {
    from: 'liisa',
    subject: 'Joulun aukioloajat kassaan',
    text: 'Moikka!\n\nMistä vaihdan kuitille tulostuvat aukioloajat? Olemme jouluaattona kiinni ja tapaninpäivänä auki 12–16.\n\nKiitos jo etukäteen,\nLiisa',
  },
};

/** A small picture, so that the sample needs no file beside it. */
function picture([red, green, blue]: [number, number, number]): string {
  const [width, height] = [320, 140];
  const rows = Array.from({ length: height }, (_row, y) => {
    const isEdge = y < 10 || y >= height - 10;
    const pixels = Array.from({ length: width }, (_pixel, x) => {
      const isLine = Math.abs(y - 70) < 6 && x > 50 && x < 270;
      return isEdge || x < 10 || x >= width - 10 || isLine ? [red, green, blue] : [246, 244, 240];
    });
    return [0, ...pixels.flat()];
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]).toString('base64');
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(body.byteLength + 8);
  framed.writeUInt32BE(data.byteLength, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(checksum(body), body.byteLength + 4);
  return framed;
}

function checksum(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}
