/** What mail programs write above a quote, in the languages they are used in. Adding a language is adding words here. */

/** "wrote", in every form that stands in an attribution line. */
export const WROTE = new Set(
  'wrote writes kirjoitti kirjoittaa kirjoitit skrev skriver написал написала написали написал(а) пишет писал писала schrieb geschrieben schreibt kirjutas rašė rakstīja пише написав schreef geschreven écrit scritto escribió escreveu escrito napisał napisała napisał(a) pisze napsal napsala napísal napísala írta scris yazdı yazdi napisao napisala napisao/la έγραψε escrigué escriure viết'.split(
    ' ',
  ),
);

/** The same where words are not separated by spaces. */
export const WROTE_UNSPACED = ['写道', '寫道', '書きました', '작성', 'のメール', '来信'];

/** First words of an attribution line. */
export const ATTRIBUTION_START = new Set(
  'on at den le am el il em op dnia w på в ma ti ke to pe la su dne dňa în ut u data dana a στις tarihinde pada vào lúc 在 kuupäeval пользователь від от quoting dia no'.split(
    ' ',
  ),
);

const WEEKDAY_STEMS =
  'mon tue wed thu fri sat sun maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai mån tis ons tor fre lör sön пн вт ср чт пт сб вс нд понедельник вторник среда среду четверг пятниц суббот воскресень понеділ вівтор серед четвер пʼятниц субот неділ mo di mi do fr sa so man tir lør søn lun mar mer mié jue vie sáb dom gio ven seg ter qua qui sex pon wt śr czw pt sob niedz ndz po út st čt pá ne esmasp teisip kolmap neljap reede laup pühap zo ma woe don vrij zat h k sze cs p szo v'.split(
    ' ',
  );
const WEEKDAYS = new Set(WEEKDAY_STEMS);
const LONG_WEEKDAYS = WEEKDAY_STEMS.filter((stem) => stem.length > 3 || /^(?:mon|tue|wed|thu|fri|sat|sun)$/.test(stem));

export function isWeekday(word: string): boolean {
  const bare = word.toLowerCase().replace(/[.,]+$/, '');
  return WEEKDAYS.has(bare) || LONG_WEEKDAYS.some((stem) => bare.startsWith(stem) && bare.length <= stem.length + 6);
}

/** Text between the dashes of "-----Original Message-----". */
export const ORIGINAL_MESSAGE = new Set(
  [
    'original message|reply message|original email|alkuperäinen viesti|ursprungligt meddelande|ursprungliga meddelandet|originalmeddelande|исходное сообщение|исходное письмо|оригинальное сообщение',
    'пересланное исходное сообщение|ursprüngliche nachricht|originalnachricht|ursprüngliche mail|oprindelig meddelelse|opprinnelig melding|oprindelig besked|original message follows|oorspronkelijk bericht|origineel bericht',
    "message d'origine|message d’origine|mensaje original|messaggio originale|mensagem original|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa|eredeti üzenet|mesaj original|mesajul original|özgün ileti",
    'orijinal mesaj|orijinal ileti|izvorna poruka|originalna poruka|algkiri|algne sõnum|originalus pranešimas|sākotnējais ziņojums|вихідне повідомлення|початкове повідомлення|оригінальне повідомлення|元のメッセージ|オリジナルメッセージ|原始邮件',
    '原始郵件|原邮件|original appointment|alkuperäinen tapaaminen|ursprüngliche nachricht von|messaggio inoltrato originale|mesaj asıl',
  ].flatMap((words) => words.split('|')),
);

/** Text between the dashes of "---------- Forwarded message ---------", or a line of its own. */
export const FORWARDED_MESSAGE = new Set(
  [
    'forwarded message|edastatud e-kiri|mesaj retrimis|przekazywana wiadomość|początek przekazywanej wiadomości|začátek přeposílané zprávy|başlangıç iletilmiş ileti|forwarded email|forwarded mail|fwd|begin forwarded message|start of forwarded message|välitetty viesti|välitetty viesti / fwd.msg|edelleenlähetetty viesti|edelleen lähetetty viesti|välitetty viesti alkaa',
    'edelleenlähetetty viesti alkaa|vidarebefordrat meddelande|vidarebefordrat mejl|vidarebefordrat brev|vidarebefordrat|början på vidarebefordrat brev|början på vidarebefordrat meddelande|vidarebefordrat e-postmeddelande',
    'påbörjar vidarebefordrat meddelande|пересланное сообщение|пересылаемое сообщение|перенаправленное сообщение|переадресованное сообщение|начало переадресованного сообщения|начало пересылаемого сообщения',
    'начало пересланного сообщения|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|weitergeleitete mail|weitergeleitete e-mail|videresendt meddelelse|videresendt melding',
    'videresendt e-mail|videresendt besked|start på videresendt besked|start på videresendt e-mail|videresendt melding start|begynnelse på videresendt melding|videresendt e-post|videresendt brev',
    'starten på den videresendte melding|begynnelsen på videresendt melding|doorgestuurd bericht|begin doorgestuurd bericht|doorgestuurde bericht|doorgezonden bericht|message transféré|message transmis',
    'début du message transféré|début du message réexpédié|début du courriel transféré|courriel transféré|message original transféré|mensaje reenviado|inicio del mensaje reenviado|comienzo del mensaje reenviado',
    'messaggio inoltrato|inizio messaggio inoltrato|messaggio inoltrato da|mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|início da mensagem reencaminhada|mensagem encaminhada / reencaminhada',
    'começo da mensagem reencaminhada|przekazana wiadomość|wiadomość przekazana dalej|treść przekazanej wiadomości|początek przekazanej wiadomości|rozpoczęcie przekazanej wiadomości|treść przekazywanej wiadomości',
    'wiadomość przekazana|začátek přeposlané zprávy|přeposlaná zpráva|přeposlaný e-mail|předaná zpráva|začiatok preposlanej správy|preposlaná správa|preposlaná správa začína|preposlaná e-mailová správa|továbbított üzenet',
    'a továbbított levél kezdete|továbbított levél|továbbított üzenet kezdete|továbbított levél kezdete|mesaj redirecționat|mesaj redirecţionat|mesaj transmis|început mesaj redirecționat|începutul mesajului redirecționat',
    'mesaj înaintat|mesajul redirecționat|începe mesajul redirecționat|mesaj redirectionat|iletilmiş mesaj|yönlendirilen ileti|iletilen ileti|iletilmiş ileti|i̇letilmiş mesaj|i̇letilmiş ileti|i̇letilen mesaj|iletilen mesaj',
    'yönlendirilen e-posta|başlangıç iletilmiş mesaj|iletilen mesajın başlangıcı|i̇letilen iletinin başlangıcı|proslijeđena poruka|početak proslijeđene poruke|prosljeđena poruka|prosleđena poruka|edastatud kiri|edastatud sõnum',
    'edastatud kiri algab|edasisaadetud kiri|persiųstas laiškas|persiųstas pranešimas|pārsūtītā vēstule|pārsūtīts ziņojums|переслане повідомлення|початок листа, що пересилається|перенаправлене повідомлення',
    'початок переадресованого повідомлення|початок пересланого повідомлення|転送されたメッセージ|转发的邮件|转发邮件信息|轉寄郵件|転送メッセージ|メッセージを転送|wiadomość przesłana dalej|započni proslijeđenu poruku|i̇letilen i̇leti|början på vidarebefordrat mejl',
    'missatge reenviat|προωθημένο μήνυμα',
  ].flatMap((words) => words.split('|')),
);
