/** The labels of quoted or forwarded header blocks: `From:`, `Lähettäjä:`, `От:` … */
export type Label = 'from' | 'date' | 'to' | 'cc' | 'subject' | 'other';

const WORDS: Record<Label, string> = {
  from: 'from|lähettäjä|från|от|отправитель|от кого|von|absender|saatja|kellelt|fra|avsender|afsender|van|afzender|de|da|desde|remitente|expéditeur|mittente|remetente|od|nadawca|odesílatel|odosielateľ|feladó|de la|expeditor|expeditorul|trimis de|kimden|gönderen|šalje|pošiljatelj|від|від кого|відправник|nuo|siuntėjas|no|sūtītājs|差出人|送信元|送信者|发件人|寄件者|보낸 사람|από|de part de',
  date: 'date|sent|lähetetty|päivämäärä|päiväys|päivä|aika|skickat|datum|datum och tid|отправлено|дата|gesendet|saadetud|kuupäev|sendt|dato|verzonden|verzonden op|envoyé|date d’envoi|fecha|enviado|enviado el|enviada|enviado em|enviada em|data|inviato|data invio|wysłano|wysłane|saatmisaeg|saatmise aeg|data wysłania|odesláno|odoslané|dátum|elküldve|küldés dátuma|trimis|dată|tarih|gönderildi|gönderilme tarihi|poslano|дата надсилання|надіслано|data de envio|išsiųsta|nosūtīts|datums|日時|日付|送信日時|发送时间|日期|寄件日期|date sent|sent on|ημερομηνία|enviat el|sent at',
  to: 'to|vastaanottaja|vastaanottajat|till|кому|получатель|an|empfänger|saaja|kellele|adressaat|kome|pentru|komu wysłano|til|mottaker|modtager|aan|à|para|a|destinatario|destinataire|destinatários|per|do|adresat|komu|pre|címzett|către|destinatar|destinatarul|pour|kime|alıcı|kam|prima|primatelj|за|кому|宛先|送信先|收件人|收件者|받는 사람|προς|destinatari|pro',
  cc: 'cc|kopio|kopia|копия|kopie|koopia|kopi|cópia|copie|copia|copie à|dw|kópia|másolat|másolatot kap|bilgi|копія|kopija|kopia do|koopia|抄送|副本|bcc|piilokopio|skrytá kopie|skrytá kópia|cco|cci|копия скрытая|blindkopie',
  subject:
    'subject|aihe|ämne|тема|betreff|teema|pealkiri|emne|onderwerp|objet|sujet|asunto|oggetto|assunto|temat|předmět|predmet|tárgy|subiect|subiectul|konu|naslov|件名|主题|主旨|제목|θέμα|assumpte|tema',
  other:
    'reply-to|vastausosoite|svar till|reply to|antwort an|organization|importance|priority|attachments|liitteet|bilagor|attachment|вложения|ответить|priorität|prioriteit|message-id|newsgroups|svara till|beantwoorden|odpovědět komu|responder a|répondre à|rispondi a|svar til|responder para|odgovori|válaszcím|odpoveď|yanıt adresi|răspuns către|відповісти|anlagen|tärkeys|prioritet|hệ trọng',
};

const LABELS = new Map<string, Label>(
  (Object.entries(WORDS) as [Label, string][])
    .toReversed()
    .flatMap(([label, words]) => words.split('|').map((word): [string, Label] => [word, label])),
);

const MAX_LABEL_LENGTH = 24;

export interface LabelledLine {
  label: Label;
  value: string;
}

/** `*From:* Liisa <l@example.com>`, `Lähettäjä : …`, `Subject:\t…`; null for any other line. */
export function labelledLine(line: string): LabelledLine | null {
  const head = line.slice(0, 60);
  const colon = head.search(/[:：]/);
  if (colon <= 0) return null;
  const word = head
    .slice(0, colon)
    .replaceAll(/[*_\s\u00a0]+/g, ' ')
    .trim()
    .toLowerCase();
  if (word.length > MAX_LABEL_LENGTH) return null;
  const label = LABELS.get(word);
  if (!label) return null;
  return {
    label,
    value: line
      .slice(colon + 1)
      .replace(/^[\s*_]+/, '')
      .trim(),
  };
}

const LONGER_LABELS = [...LABELS.keys()].filter((word) => word.length > 1);

/** Where labels begin in a line that holds several of them, one after another without a space. */
export function labelStarts(line: string): number[] {
  const starts: number[] = [];
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char !== char.toUpperCase() || char === char.toLowerCase()) continue;
    const rest = line.slice(at, at + MAX_LABEL_LENGTH + 2).toLowerCase();
    if (LONGER_LABELS.some((word) => rest.startsWith(`${word}:`) || rest.startsWith(`${word} :`))) starts.push(at);
  }
  return starts;
}
