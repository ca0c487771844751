import { characters } from './words.ts';

/** The emoji this workspace knows, by Slack's names; the first name of several is the one Slack writes. */
const TABLE = `
grinning 😀|smiley 😃|smile 😄|grin 😁|laughing,satisfied 😆|sweat_smile 😅|rolling_on_the_floor_laughing 🤣|joy 😂|slightly_smiling_face 🙂|upside_down_face 🙃
wink 😉|blush 😊|innocent 😇|smiling_face_with_3_hearts 🥰|heart_eyes 😍|star-struck 🤩|kissing_heart 😘|kissing 😗|yum 😋|stuck_out_tongue 😛|stuck_out_tongue_winking_eye 😜
hugging_face 🤗|face_with_hand_over_mouth 🤭|shushing_face 🤫|thinking_face 🤔|zipper_mouth_face 🤐|neutral_face 😐|expressionless 😑|no_mouth 😶|smirk 😏|unamused 😒|face_with_rolling_eyes 🙄
grimacing 😬|relieved 😌|pensive 😔|sleepy 😪|sleeping 😴|mask 😷|face_with_thermometer 🤒|nauseated_face 🤢|sneezing_face 🤧|hot_face 🥵|cold_face 🥶|dizzy_face 😵|exploding_head 🤯
partying_face 🥳|sunglasses 😎|nerd_face 🤓|face_with_monocle 🧐|confused 😕|worried 😟|slightly_frowning_face 🙁|open_mouth 😮|hushed 😯|astonished 😲|flushed 😳|pleading_face 🥺
fearful 😨|cold_sweat 😰|disappointed_relieved 😥|cry 😢|sob 😭|scream 😱|confounded 😖|persevere 😣|disappointed 😞|sweat 😓|weary 😩|tired_face 😫|triumph 😤|rage 😡|angry 😠
smiling_imp 😈|skull 💀|hankey,poop 💩|ghost 👻|alien 👽|robot_face 🤖|heart ❤️|orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|black_heart 🖤|broken_heart 💔
sparkling_heart 💖|100 💯|anger 💢|boom,collision 💥|dizzy 💫|sweat_drops 💦|dash 💨|bomb 💣|speech_balloon 💬|left_speech_bubble 🗨️|thought_balloon 💭|zzz 💤|wave 👋|raised_back_of_hand 🤚
hand,raised_hand ✋|vulcan_salute,spock-hand 🖖|ok_hand 👌|v ✌️|crossed_fingers 🤞|the_horns 🤘|call_me_hand 🤙|point_left 👈|point_right 👉|point_up_2 👆|point_down 👇|point_up ☝️
+1,thumbsup 👍|-1,thumbsdown 👎|fist ✊|facepunch,punch 👊|clap 👏|raised_hands 🙌|open_hands 👐|handshake 🤝|pray 🙏|writing_hand ✍️|muscle 💪|eyes 👀|eye 👁️|brain 🧠|ear 👂
baby 👶|boy 👦|girl 👧|man 👨|woman 👩|older_man 👴|older_woman 👵|cop 👮|construction_worker 👷|bow 🙇|shrug 🤷|face_palm 🤦|ninja 🥷|busts_in_silhouette 👥|bust_in_silhouette 👤
dog 🐶|cat 🐱|mouse 🐭|fox_face 🦊|bear 🐻|panda_face 🐼|unicorn_face 🦄|bee,honeybee 🐝|bug 🐛|turtle 🐢|snake 🐍|whale 🐳|fish 🐟|penguin 🐧|owl 🦉|snail 🐌|butterfly 🦋|reindeer 🦌
evergreen_tree 🌲|deciduous_tree 🌳|palm_tree 🌴|cactus 🌵|seedling 🌱|four_leaf_clover 🍀|maple_leaf 🍁|rose 🌹|sunflower 🌻|tulip 🌷|mushroom 🍄|earth_africa 🌍|earth_americas 🌎
full_moon 🌕|crescent_moon 🌙|star ⭐|star2 🌟|sparkles ✨|zap ⚡|fire 🔥|rainbow 🌈|sunny ☀️|cloud ☁️|rain_cloud 🌧️|snowflake ❄️|snowman ⛄|ocean 🌊|droplet 💧|umbrella ☔
apple 🍎|banana 🍌|strawberry 🍓|tomato 🍅|bread 🍞|cheese_wedge 🧀|hamburger 🍔|pizza 🍕|hotdog 🌭|egg 🥚|cookie 🍪|cake 🍰|birthday 🎂|coffee ☕|tea 🍵|beer 🍺|beers 🍻|wine_glass 🍷|clinking_glasses 🥂
soccer ⚽|basketball 🏀|trophy 🏆|first_place_medal 🥇|medal 🏅|dart 🎯|game_die 🎲|video_game 🎮|art 🎨|musical_note 🎵|microphone 🎤|headphones 🎧|guitar 🎸|clapper 🎬|ticket 🎫|admission_tickets 🎟️
car,red_car 🚗|taxi 🚕|bus 🚌|ambulance 🚑|fire_engine 🚒|police_car 🚓|truck 🚚|bike 🚲|rocket 🚀|airplane ✈️|ship 🚢|anchor ⚓|construction 🚧|traffic_light 🚥|vertical_traffic_light 🚦
house 🏠|office 🏢|hospital 🏥|bank 🏦|hotel 🏨|school 🏫|factory 🏭|stadium 🏟️|church ⛪|tent ⛺|world_map 🗺️|compass 🧭|watch ⌚|hourglass ⌛|hourglass_flowing_sand ⏳|alarm_clock ⏰|stopwatch ⏱️
iphone 📱|computer 💻|keyboard ⌨️|desktop_computer 🖥️|printer 🖨️|floppy_disk 💾|cd 💿|camera 📷|video_camera 📹|tv 📺|phone,telephone ☎️|telephone_receiver 📞|pager 📟|fax 📠|battery 🔋|electric_plug 🔌
bulb 💡|flashlight 🔦|candle 🕯️|moneybag 💰|dollar 💵|euro 💶|credit_card 💳|receipt 🧾|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|email,envelope ✉️|e-mail 📧
incoming_envelope 📨|envelope_with_arrow 📩|outbox_tray 📤|inbox_tray 📥|package 📦|mailbox 📫|mailbox_closed 📪|mailbox_with_mail 📬|postbox 📮|ballot_box_with_ballot 🗳️|pencil2 ✏️|black_nib ✒️
memo,pencil 📝|briefcase 💼|file_folder 📁|open_file_folder 📂|card_index_dividers 🗂️|date 📅|calendar 📆|spiral_calendar_pad 🗓️|card_index 📇|clipboard 📋|pushpin 📌|round_pushpin 📍|paperclip 📎
linked_paperclips 🖇️|straight_ruler 📏|scissors ✂️|card_file_box 🗃️|file_cabinet 🗄️|wastebasket 🗑️|lock 🔒|unlock 🔓|lock_with_ink_pen 🔏|closed_lock_with_key 🔐|key 🔑|hammer 🔨|wrench 🔧
hammer_and_wrench 🛠️|nut_and_bolt 🔩|gear ⚙️|link 🔗|chains ⛓️|toolbox 🧰|magnet 🧲|test_tube 🧪|microscope 🔬|telescope 🔭|satellite_antenna 📡|pill 💊|syringe 💉|shield 🛡️|broom 🧹|label 🏷️
books 📚|book,open_book 📖|bookmark 🔖|newspaper 📰|page_facing_up 📄|page_with_curl 📃|bookmark_tabs 📑|scroll 📜|ledger 📒|notebook 📓|mag 🔍|mag_right 🔎|loudspeaker 📢|mega 📣|bell 🔔|no_bell 🔕
tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|ribbon 🎀|christmas_tree 🎄|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|x ❌|o ⭕|heavy_check_mark ✔️|white_check_mark ✅|ballot_box_with_check ☑️
heavy_plus_sign ➕|heavy_minus_sign ➖|heavy_multiplication_x ✖️|question ❓|grey_question ❔|exclamation,heavy_exclamation_mark ❗|grey_exclamation ❕|bangbang ‼️|interrobang ⁉️|information_source ℹ️
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|arrows_counterclockwise 🔄|repeat 🔁|back 🔙|end 🔚|on 🔛|soon 🔜|top 🔝
arrow_forward ▶️|double_vertical_bar ⏸️|black_square_for_stop ⏹️|fast_forward ⏩|rewind ⏪|black_right_pointing_double_triangle_with_vertical_bar ⏭️|twisted_rightwards_arrows 🔀|recycle ♻️|sos 🆘|ok 🆗|new 🆕|free 🆓|up 🆙|cool 🆒
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|large_red_square 🟥|large_green_square 🟩|large_yellow_square 🟨|large_blue_square 🟦
small_red_triangle 🔺|large_blue_diamond 🔷|small_blue_diamond 🔹|small_orange_diamond 🔸|checkered_flag 🏁|triangular_flag_on_post 🚩|crossed_flags 🎌|waving_black_flag 🏴|waving_white_flag 🏳️
zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟|hash #️⃣|abc 🔤|rotating_light 🚨|globe_with_meridians 🌐|sleeping_accommodation 🛌|speaking_head_in_silhouette 🗣️|eject ⏏️|copyright ©️|tm ™️
clock1 🕐|clock2 🕑|clock3 🕒|clock4 🕓|clock5 🕔|clock6 🕕|clock7 🕖|clock8 🕗|clock9 🕘|clock10 🕙|clock11 🕚|clock12 🕛|spiral_note_pad 🗒️|rolled_up_newspaper 🗞️|thread 🧵
id 🆔|parking 🅿️|wheelchair ♿|black_large_square ⬛|white_large_square ⬜|black_small_square ▪️|radio_button 🔘|mute 🔇|sound 🔉|loud_sound 🔊|saluting_face 🫡|smiling_face_with_tear 🥲
raising_hand 🙋|technologist 🧑‍💻|female-technologist 👩‍💻|male-technologist 👨‍💻|ladybug,lady_beetle 🐞|magic_wand 🪄|fire_extinguisher 🧯|bellhop_bell 🛎️|thermometer 🌡️|see_no_evil 🙈
left_right_arrow ↔️|arrow_up_down ↕️|arrow_lower_right ↘️|arrow_lower_left ↙️|arrow_upper_left ↖️|large_brown_circle 🟤|identification_card 🪪|elephant 🐘|melting_face 🫠|heart_hands 🫶
`;

const entries = TABLE.trim()
  .split(/[|\n]/)
  .map((entry) => entry.trim().split(' ') as [string, string]);

/** These countries have names of their own; the others are "flag-xx". */
const SHORT_FLAGS = new Set(['cn', 'de', 'es', 'fr', 'gb', 'it', 'jp', 'kr', 'ru', 'us']);
const COUNTRIES =
  'ad ae ar at au be bg br by ca ch cl cn co cz de dk ee eg es eu fi fr ge gr hk hr hu id ie il in is it jp kr kz lt lu lv ma md mx my ng nl no nz ph pk pl pt ro rs ru sa se sg si sk th tr tw ua us uz vn za gb';
const FIRST_REGIONAL = 0x1f1e6;
const flags = COUNTRIES.split(' ').map((country) => [SHORT_FLAGS.has(country) ? country : `flag-${country}`, flagOf(country)] as const);

/** Character by name, aliases included. */
export const emojiByName: ReadonlyMap<string, string> = new Map([
  ...entries.flatMap(([names, character]) => names.split(',').map((name) => [name, character] as const)),
  ...flags,
]);

const nameByEmoji = new Map([
  ...entries.map(([names, character]) => [plain(character), names.split(',')[0] ?? ''] as const),
  ...flags.map(([name, character]) => [character, name] as const),
]);
const EMOJI =
  /\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}\uFE0F?\p{EMod}?(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{EMod}?)*/gu;
const SKIN_TONES = '🏻🏼🏽🏾🏿';
const FIRST_SKIN_TONE = 2;

/** Slack keeps names, not characters. What it does not know stays as it is. */
export function withEmojiNames(text: string): string {
  return text.replaceAll(EMOJI, (character) => {
    const tone = characters(SKIN_TONES).findIndex((skin) => character.includes(skin));
    const name = nameByEmoji.get(plain(character));
    if (!name) return character;
    return tone < 0 ? `:${name}:` : `:${name}::skin-tone-${tone + FIRST_SKIN_TONE}:`;
  });
}

export function isEmojiName(name: string): boolean {
  const [base = '', tone] = name.split('::');
  return emojiByName.has(base) && (tone === undefined || /^skin-tone-[2-6]$/.test(tone));
}

/** The name Slack writes: "+1" for "thumbsup". */
export function canonicalName(name: string): string {
  const [base = '', tone] = name.split('::');
  const canonical = nameByEmoji.get(plain(emojiByName.get(base) ?? '')) ?? base;
  return tone === undefined ? canonical : `${canonical}::${tone}`;
}

/** Code points as Slack writes them in rich text: "1f389", "1f1eb-1f1ee". */
export function codePoints(name: string): string | undefined {
  const character = emojiByName.get(name);
  return (
    character &&
    characters(character)
      .map((part) => (part.codePointAt(0) ?? 0).toString(16))
      .join('-')
  );
}

function flagOf(country: string): string {
  return String.fromCodePoint(...characters(country).map((letter) => FIRST_REGIONAL + letter.charCodeAt(0) - 'a'.charCodeAt(0)));
}

function plain(character: string): string {
  return character.replaceAll(/\uFE0F|\p{EMod}/gu, '');
}
