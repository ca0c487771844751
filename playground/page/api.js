import { toast } from './state.js';

async function ask(path, given) {
  const answered = await fetch(
    path,
    given === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(given) },
  );
  const body = await answered.json();
  if (!answered.ok) throw new Error(body.error ?? `The playground answered ${answered.status}.`);
  return body;
}

/** Asks the workspace to do what a person does; see the playground's README for the names. */
export function play(name, ...given) {
  return ask(`/play/${name}`, given);
}

export function look(path) {
  return ask(path);
}

export function mail(name, given) {
  return ask(`/mail/${name}`, given);
}

/** Runs what a click started, and says so when it fails. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message);
    return undefined;
  }
}
