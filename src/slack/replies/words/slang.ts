/** Chat words of no one language: nobody writes them to a customer. */
export const SLANG: readonly string[] = [
  'lol|lmao|rofl|wtf|omg|ffs|smh|jfc|imo|imho|afaik|iirc|idk|brb|wdyt|fyi|tbh|xd|lolz|haha|hahaha|hehe|facepalm',
  'jira|standup',
  'pls ~ fix|look',
];
