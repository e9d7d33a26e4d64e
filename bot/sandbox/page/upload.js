/** Files into a conversation: chosen, dropped or pasted. */

import { perform } from "./actions.js";
import { announce, toast } from "./toast.js";

const LARGEST = 20_000_000;

/** Send files one after the other, into the thread of that `ts` unless it is null. */
export async function sendFiles(channel, files, thread) {
  for (const file of files) {
    if (file.size > LARGEST) toast(`${file.name} is too large: files up to 20 MB can be sent here.`);
    else await sendFile(channel, file, thread);
  }
}

async function sendFile(channel, file, thread) {
  const content = await base64Of(file).catch(() => null); // a folder, or a file that went away
  if (content === null) return toast(`${file.name} cannot be read.`);
  const named = { type: "upload", channel, name: file.name, thread_ts: thread };
  const answer = await perform({ ...named, content_base64: content });
  if (answer.ok) announce(`${file.name} sent`);
}

function base64Of(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** Take files that are dropped on, or pasted into, the place that `form` stands in; `threadOf()` is asked each time. */
export function acceptDrops(form, channel, threadOf) {
  form.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    sendFiles(channel, files, threadOf());
  });
  requestAnimationFrame(() => wireDrop(form.closest(".place") ?? form, channel, threadOf));
}

function wireDrop(zone, channel, threadOf) {
  let depth = 0;
  const show = (step) => {
    depth = Math.max(0, depth + step);
    zone.classList.toggle("dropping", depth > 0);
  };
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  zone.addEventListener("dragenter", (event) => carriesFiles(event) && show(1));
  zone.addEventListener("dragleave", (event) => carriesFiles(event) && show(-1));
  zone.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  zone.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(-depth);
    sendFiles(channel, [...event.dataTransfer.files], threadOf());
  });
}
