import { play } from './api.js';
import { loadWorkspace } from './load.js';
import { during, noteAnswer } from './press.js';
import { state, toast, update } from './state.js';

/** `box` is { channel, key, threadTs, editing, onDone }. */
export async function send(box, text) {
  const files = state.attached[box.key] ?? [];
  if (text.trim() === '' && files.length === 0) return;
  if (box.editing) return saveEdit(box, text);
  if (text.startsWith('/') && files.length === 0) return runCommand(box, text.trim());
  await post(box, { text, files });
}

function clear(box) {
  update((now) => {
    delete now.drafts[box.key];
    delete now.attached[box.key];
    delete now.suggestions;
  });
}

async function post(box, { text, files, isMe = false }) {
  const hadDraft = { draft: state.drafts[box.key], attached: state.attached[box.key] };
  const isBroadcast = state.broadcast === box.key;
  clear(box);
  update((now) => (now.broadcast = null));
  try {
    await play('post', {
      as: state.me,
      channel: box.channel,
      text: text.trim(),
      ...(box.threadTs ? { threadTs: box.threadTs, broadcast: isBroadcast } : {}),
      ...(files.length > 0 ? { files: files.map(({ name, base64 }) => ({ name, base64 })) } : {}),
      ...(isMe ? { me: true } : {}),
    });
    if (box.channel === 'bot') await loadWorkspace();
  } catch (error) {
    update((now) => {
      now.drafts[box.key] ??= hadDraft.draft;
      now.attached[box.key] ??= hadDraft.attached;
    });
    toast(error.message);
  }
}

async function saveEdit(box, text) {
  await during(`send ${box.key}`, () => play('edit', { as: state.me, channel: box.channel, ts: box.editing.ts, text: text.trim() }));
  clear(box);
  box.onDone();
}

/** Commands work in channels and direct messages, never in threads: Slack has it so. */
async function runCommand(box, typed) {
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(typed) ?? [];
  if (name === 'me') return post(box, { text: rest, files: [], isMe: true });
  if (box.threadTs) return toast('Slack does not allow commands in threads. Type it in the channel, or mention the app here.');
  if (!state.workspace.commands.some((command) => command.command === `/${name}`))
    return toast(`/${name} is not a command here. Begin with a space to send it as a message.`);
  clear(box);
  await during(`send ${box.key}`, async () =>
    noteAnswer(await play('command', { as: state.me, channel: box.channel, command: `/${name}`, text: rest })),
  );
}
