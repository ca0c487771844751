/** For each language the words of which one must be there, and those that may stand beside it. */
export interface ThanksWords {
  thanks: Set<string>;
  polite: Set<string>;
}

const WORDS: Record<string, { thanks: string; polite: string }> = {
  en: {
    thanks: 'thanks thank thx ty cheers appreciated',
    polite:
      'you a lot very much so many again for the your help quick fast reply answer support great perfect excellent awesome it works now all good have nice day weekend evening and best regards kind hi hello dear solved fixed working fine that ok okay super big wonderful br',
  },
  fi: {
    thanks: 'kiitos kiitti kiitoksia kiitokset kiitän kiitämme tattis suurkiitos kiitoksin suurkiitokset kiitoksena',
    polite:
      'suuret suuri iso isot lämmin lämpimät paljon oikein todella kovasti avusta avustasi avustanne nopeasta nopeaan vastauksesta vastauksestasi palvelusta teille sinulle hienoa loistavaa mahtavaa hyvä hyvää hyvin toimii nyt kaikki asia kunnossa selvä selvisi ok ja päivänjatkoa päivän jatkoa jatkot viikonloppua päivää terveisin ystävällisin terv hei moi moikka t vielä vaivasta vaivannäöstä on se erittäin tuhannesti iloista mukavaa tiedosta jo taas',
  },
  sv: {
    thanks: 'tack tackar tusen stort',
    polite:
      'så mycket för hjälpen snabbt snabb snabba svar svaret hjälp din er den det funkar fungerar nu bra perfekt toppen jättebra allt är löst ok och ha en fin dag trevlig helg hej hälsningar mvh med vänlig hälsning vänliga igen dig till hela alla super',
  },
  ru: {
    thanks: 'спасибо благодарю благодарим спс спасибочки признателен признательна',
    polite:
      'большое огромное вам тебе за помощь быстрый быструю ответ оперативность всё все работает заработало отлично хорошо супер понял поняла теперь и хорошего дня доброго вечера выходных с уважением здравствуйте добрый день ок очень ещё еще раз вас поддержку решено всего получилось вопрос решён решен',
  },
  de: {
    thanks: 'danke dankeschön vielen besten herzlichen dank',
    polite:
      'schön sehr dank für die ihre deine hilfe schnelle antwort es funktioniert jetzt alles klar gut super perfekt und schönen tag wochenende hallo grüße viele mit freundlichen grüßen mfg lg ok nochmals ihnen toll prima tausend',
  },
  et: {
    thanks: 'aitäh tänan täname tänud',
    polite: 'väga suur suured abi eest kiire vastuse töötab nüüd kõik korras hästi ok ja ilusat päeva tere lugupidamisega teid sind',
  },
  no: {
    thanks: 'takk tusen',
    polite:
      'for hjelpen svar raskt mange så mye det fungerer virker nå bra perfekt supert og ha en fin dag helg hei hilsen mvh vennlig med ok alt i orden igjen',
  },
  da: {
    thanks: 'tak tusind takker',
    polite:
      'for hjælpen svar hurtige mange så meget det virker nu fint perfekt super og hav en god dag weekend hej hilsen mvh venlig med ok alt i orden igen',
  },
  uk: {
    thanks: 'дякую дякуємо спасибі',
    polite: 'дуже велике за допомогу швидку відповідь все працює тепер добре чудово і та гарного дня добрий день вам щиро з повагою ще раз',
  },
};

export const THANKS_WORDS = new Map(
  Object.entries(WORDS).map(([code, { thanks, polite }]): [string, ThanksWords] => [
    code,
    { thanks: new Set(thanks.split(' ')), polite: new Set(polite.split(' ')) },
  ]),
);
