/** What servers say when they cannot deliver, where they give words instead of codes. Order matters: the first that fits wins. */
export interface FailureWords {
  pattern: RegExp;
  status: string;
  hard: boolean;
  /** The address or its host does not exist. */
  isDead: boolean;
}

const failure = (pattern: RegExp, status: string, fate: 'soft' | 'hard' | 'dead'): FailureWords => ({
  pattern,
  status,
  hard: fate !== 'soft',
  isDead: fate === 'dead',
});

export const FAILURE_WORDS: FailureWords[] = [
  failure(
    /mail ?box(?:'s)?(?: \S+){0,5}? (?:full|exceed|over ?quota)|mail ?folder is full|mailbox (?:of .{0,60})?has exceeded|over ?quota|quota (?:is )?(?:exceeded|full|violation)|exceed(?:s|ed)? .{0,40}(?:quota|storage|mailbox|limit on)|out of (?:storage|disk) space|not enough (?:storage|disk) space|insufficient (?:disk|storage|system storage)|inbox is full|disk quota|user is over the quota|account is over|would exceed|too much mail data|storage (?:allocation|quota)|boîte .{0,20}pleine|postilaatikko on täynnä|inkorgen är full|почтовый ящик .{0,20}переполнен|kiintiö|postfach (?:ist )?voll|メールボックス.{0,20}(?:いっぱい|超過)|mailfolder is full|mailbox quota|mailbox full/i,
    '5.2.2',
    'soft',
  ),
  failure(
    /too many (?:connections|concurrent|sessions|recipients this hour)|connection(?: rate)? limit|too many simultaneous|throttl|rate limit|try again later|frequency limited|temporarily (?:deferred|rejected|unavailable)|greylist/i,
    '4.3.2',
    'soft',
  ),
  failure(
    /no such (?:user|mailbox|person|recipient|address|local user|account|email)|user(?:name)? (?:is )?(?:unknown|not found|doesn'?t exist|does not exist|doesn't have|not known|invalid)|unknown (?:user|recipient|mailbox|address|local|account|or illegal)|(?:mailbox|account|recipient|address|user|inbox|email account|addressee)(?: \S+){0,5}? (?:does not exist|doesn'?t exist|not exist|not found|unknown|unavailable|is disabled|has been disabled|not listed|is not valid|was not found|couldn'?t be found|wasn'?t found|is not known|not known)|invalid (?:recipient|mailbox|user|address|final delivery)|not a valid (?:mailbox|user|recipient|address)|not listed in|bad destination mailbox|recipient (?:address )?rejected|recipient (?:not|un)|this (?:user|account) (?:does ?n[o']t|has been|is not|doesn't) |isn'?t a valid|there is no (?:such )?(?:user|account|mailbox)|no mailbox (?:here|found)|unable to find (?:user|recipient|alias)|is not a known user|sorry, no mailbox|doesn't have an? .{0,20}account|account (?:that you tried|disabled|closed)|unrouteable address|undeliverable address|not our customer|vastaanottajaa ei (?:löyd|ole)|käyttäjää ei|mottagaren (?:finns inte|hittades)|пользователь не найден|нет такого пользователя|empfänger unbekannt|unbekannter empfänger|宛先.{0,10}(?:見つか|存在)|delivery to this address is restricted|undeliverable to|user unknown|address unknown|no account by that name|no longer (?:valid|active|in use|exists)/i,
    '5.1.1',
    'dead',
  ),
  failure(
    /host (?:or domain name )?(?:is )?(?:unknown|not found|name lookup)|unknown host|domain (?:\S+ )?(?:does not exist|doesn'?t exist|not found|is not valid|couldn'?t be found)|name (?:service error|server .{0,30}not found)|no such (?:host|domain)|nxdomain|dns (?:error|lookup failure)|couldn'?t find any host|could not find a gateway|no route to host|illegal host\/domain|mail server .{0,40}(?:not found|no answer)|domain isn'?t found|all relevant mx records point to non-existent|unable to (?:lookup|resolve)|unrouteable mail domain|bad destination (?:system|host)|invalid domain|not in the (?:list of|dns)|palvelinta ei löyd|неизвестный (?:хост|домен)/i,
    '5.1.2',
    'dead',
  ),
  failure(
    /(?:null|no) mx|domain does not accept (?:mail|e-?mail)|does not accept mail|no mail (?:service|exchanger)|not accepting (?:mail|messages|network)/i,
    '5.3.2',
    'hard',
  ),
  failure(
    /retry (?:time(?:out)?|limit) (?:exceeded|was)|delivery (?:time expired|expired)|message expired|expired (?:while|after)|has not been (?:collected|delivered) (?:after|for)|unable to deliver .{0,60}(?:after|for|within) .{0,20}(?:hours|days)|delivery (?:attempts|was aborted)|aborted after|too long|timed? ?out|connection (?:refused|timed|failure|dropped|lost)|could not be delivered for|no response|queue too long|deferred|could not connect|has been (?:in the queue|delayed)|still trying|will be retried|retry timeout|too old|been queued|undelivered after|was not delivered within|cannot contact|could not deliver for|delivery failed \d+ attempts|giving up after|maximum hop|host not reachable/i,
    '4.4.7',
    'soft',
  ),
  failure(
    /message (?:size|is too|too) (?:large|big|long)|size limit|exceeds .{0,30}size|too large|message length exceeds|viesti on liian suuri/i,
    '5.3.4',
    'hard',
  ),
  failure(
    /spam|blocked|black ?list|block ?list|reputation|policy|unsolicited|content (?:rejected|filter)|denied|prohibited|not (?:allowed|authori[sz]ed|permitted)|refused|rejected|spf|dkim|dmarc|virus|banned|relay/i,
    '5.7.1',
    'hard',
  ),
];

/** First lines of a returned mail: below them stands the mail we sent. */
export const COPY_OF_MESSAGE =
  /^\s*[-=_*>\s]*(?:original message(?: follows| headers)?|below this line is a copy|this is a copy of (?:the|your) message|(?:here|below) (?:is|are) (?:a copy of )?(?:the|your) (?:original )?message|(?:message|mail) (?:header|text|headers) follow|unsent message (?:below|follows)|returned (?:message|mail)(?: follows)?|transcript of session (?:is )?over|undelivered message follows|-+ message body|message headers follow|-+ this is a copy|the (?:original|full) message (?:header|follows|was)|header of the original message|copy of the message|rejected message|message text follows)/i;

export const BOUNCE_SUBJECT =
  /undeliver(?:able|ed)|deliver(?:y|ing)? (?:status notification|failure|failed|problem|error|report|has failed|notification|delayed|incomplete|of (?:your|the) message)|failure notice|returned (?:mail|to sender|message)|mail delivery|non[- ]?deliver|delivery (?:status|fail)|(?:message|mail) (?:not|could ?n[o']t be|cannot be|delivery|status|you sent|error|failure|system error)|returning message|bounced? (?:mail|message|e-?mail)|failed (?:mail|delivery|to deliver)|unable to deliver|no se (?:ha podido|puede) entregar|nicht zustellbar|unzustellbar|zustellung|fehlgeschlagen|toimittaminen epäonnistui|ei voitu toimittaa|toimitusvirhe|kunde inte levereras|leveransfel|olevererad|misslyckades|не доставлен|недоставлен|не удалось доставить|ошибка доставки|возвращено отправителю|non remis|échec de|impossible de remettre|配信.{0,6}(?:エラー|失敗|不能)|returned|warning: (?:could|message)|mail system|notifica(?:tion|ción) d|user unknown|delivery notification|mdaemon warning|mail failure|esito|mancata consegna|rejected|postmaster notify/i;
