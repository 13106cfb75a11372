/* Counts the characters of an alert's texts as they are typed, as drafts/lengths.py counts them. */

const holder = document.querySelector("[data-count]");

function say(words, used, most) {
  return words.replace("{used}", used).replace("{most}", most);
}

function show(line, words, used, most) {
  const text = say(words, used, most);
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("over", used > most);
}

function onAPhone(gsm, texts) {
  const text = texts.map(part => part.trim()).filter(Boolean).join("\n");
  const signs = [...text];
  if (signs.some(sign => !gsm.alphabet.includes(sign) && !gsm.twice.includes(sign))) return [text.length, gsm.ucs2];
  return [signs.reduce((sum, sign) => sum + (gsm.twice.includes(sign) ? 2 : 1), 0), gsm.gsm];
}

if (holder) {
  const gsm = JSON.parse(holder.dataset.count);
  const field = name => document.getElementById(name);
  const count = () => {
    for (const line of holder.querySelectorAll("[data-counts]")) {
      show(line, holder.dataset.countWords, [...field(line.dataset.counts).value].length, Number(line.dataset.most));
    }
    for (const line of holder.querySelectorAll("[data-phone]")) {
      const texts = ["headline", "description", "instruction"].map(name => field(`${line.dataset.phone}.${name}`).value);
      show(line, holder.dataset.phoneWords, ...onAPhone(gsm, texts));
    }
  };
  holder.addEventListener("input", count);
  count();
}
