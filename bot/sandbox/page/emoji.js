/** Emoji short names that people and the app are likely to write. An unknown name stays as typed. */

const TABLE = `
+1 👍|-1 👎|100 💯|alarm_clock ⏰|arrow_down ⬇️|arrow_left ⬅️|arrow_right ➡️|arrow_up ⬆️|bar_chart 📊|bell 🔔|no_bell 🔕
blue_heart 💙|blush 😊|bookmark 🔖|books 📚|brain 🧠|bug 🐛|building_construction 🏗️|bulb 💡|calendar 📆|spiral_calendar_pad 🗓️
chart_with_downwards_trend 📉|chart_with_upwards_trend 📈|clap 👏|clipboard 📋|clock9 🕘|cloud ☁️|coffee ☕|compass 🧭|computer 💻
construction 🚧|cry 😢|date 📅|door 🚪|dove_of_peace 🕊️|ear 👂|email 📧|envelope ✉️|exclamation ❗|eyes 👀|face_with_monocle 🧐
file_folder 📁|floppy_disk 💾|fire 🔥|flag-eu 🇪🇺|gear ⚙️|globe_with_meridians 🌐|grey_question ❔|grin 😁|grinning 😀|gift 🎁
hammer_and_wrench 🛠️|handshake 🤝|hand 🖐️|heart ❤️|heavy_check_mark ✔️|heavy_minus_sign ➖|heavy_plus_sign ➕|hourglass ⌛
hourglass_flowing_sand ⏳|hugging_face 🤗|inbox_tray 📥|information_source ℹ️|innocent 😇|joy 😂|key 🔑|label 🏷️|laughing 😆|link 🔗
lock 🔒|unlock 🔓|locked_with_key 🔐|loudspeaker 📢|mag 🔍|mega 📣|memo 📝|mailbox 📫|microscope 🔬|moon 🌔|muscle 💪|neutral_face 😐
no_entry ⛔|no_entry_sign 🚫|ok 🆗|ok_hand 👌|open_book 📖|open_file_folder 📂|outbox_tray 📤|package 📦|page_facing_up 📄|paperclip 📎
partying_face 🥳|party_popper 🎉|tada 🎉|pause_button ⏸️|double_vertical_bar ⏸️|arrow_forward ▶️|pencil ✏️|pencil2 ✏️|pensive 😔
point_right 👉|point_left 👈|point_down 👇|point_up ☝️|pray 🙏|pushpin 📌|puzzle_piece 🧩|jigsaw 🧩|question ❓|rage 😡|rainbow 🌈
raised_hand ✋|raised_hands 🙌|receipt 🧾|relaxed ☺️|repeat 🔁|robot_face 🤖|rocket 🚀|rotating_light 🚨|round_pushpin 📍|scales ⚖️
balance_scale ⚖️|scroll 📜|see_no_evil 🙈|seedling 🌱|shield 🛡️|shrug 🤷|slightly_frowning_face 🙁|slightly_smiling_face 🙂|smile 😄
smiley 😃|sob 😭|sparkles ✨|speech_balloon 💬|star ⭐|star2 🌟|stop_sign 🛑|octagonal_sign 🛑|sun_with_face 🌞|sunny ☀️|sunglasses 😎
sweat_smile 😅|sync 🔄|arrows_counterclockwise 🔄|telephone_receiver 📞|thinking_face 🤔|thumbsdown 👎|thumbsup 👍|timer_clock ⏲️
stopwatch ⏱️|toolbox 🧰|unamused 😒|v ✌️|warning ⚠️|wastebasket 🗑️|wave 👋|white_check_mark ✅|wink 😉|worried 😟|wrench 🔧|writing_hand ✍️
x ❌|yum 😋|zap ⚡|zipper_mouth_face 🤐|zzz 💤|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|large_blue_circle 🔵|large_orange_circle 🟠
large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|small_blue_diamond 🔹|small_orange_diamond 🔸|busts_in_silhouette 👥|bust_in_silhouette 👤
office 🏢|house 🏠|technologist 🧑‍💻|woman-raising-hand 🙋‍♀️|raising_hand 🙋|desktop_computer 🖥️|keyboard ⌨️|card_index_dividers 🗂️
ballot_box_with_ballot 🗳️|ballot_box_with_check ☑️|crystal_ball 🔮|dart 🎯|herb 🌿|leaves 🍃|ocean 🌊|tea 🍵|umbrella ☂️|snail 🐌|turtle 🐢
`;

const EMOJI = new Map(
  TABLE.trim()
    .split(/[|\n]/)
    .map((entry) => entry.trim().split(" ")),
);

/** The character for a short name (skin tones are left out), or null. */
export const emoji = (name) => EMOJI.get(name.replace(/::skin-tone-\d$/, "")) ?? null;

/** Replace :names: in plain text. */
export const withEmoji = (text) =>
  text.replace(/:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/g, (whole, name) => emoji(name) ?? whole);
