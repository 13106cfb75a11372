// Shows the buttons that only a script can serve: the telephone's own share sheet, and copying the address.
const share = document.getElementById("share-button");
const copy = document.getElementById("copy-button");
const link = document.getElementById("link");

if (navigator.share) {
  share.hidden = false;
  share.addEventListener("click", async () => {
    const { title, text, url } = share.dataset;
    try {
      await navigator.share({ title, text, url });
    } catch (error) {
      if (error.name !== "AbortError") link.select(); // closed by the reader: nothing is wrong
    }
  });
}

if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.value);
      document.getElementById("copy-status").textContent = copy.dataset.done;
    } catch {
      link.select();
    }
  });
}
