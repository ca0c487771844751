import { authMethods } from './auth.ts';
import { blockMethods } from './blocks.ts';
import type { Method } from './call.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { membershipMethods } from './conversations-write.ts';
import { fileMethods } from './files.ts';
import { reactionMethods } from './reactions.ts';
import { unfurlMethods } from './unfurl.ts';
import { userGroupMethods } from './usergroups.ts';
import { userMethods } from './users.ts';
import { viewMethods } from './views.ts';

export const methods: Record<string, Method> = {
  ...authMethods,
  ...blockMethods,
  ...chatMethods,
  ...conversationMethods,
  ...membershipMethods,
  ...fileMethods,
  ...reactionMethods,
  ...unfurlMethods,
  ...userGroupMethods,
  ...userMethods,
  ...viewMethods,
};
