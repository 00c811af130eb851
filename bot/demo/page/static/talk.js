// Saying things: to the server, to the person, to the clipboard.

const SHOWN_MILLISECONDS = 6000;

/** What went wrong comes back as `problem`, empty when all is well. */
export async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return await answer.json();
  } catch {
    return { problem: "The demo does not answer; is it still running?" };
  }
}

/** A sentence in the corner, for a few seconds. */
export function say(sentence) {
  const toast = document.createElement("p");
  toast.textContent = sentence;
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), SHOWN_MILLISECONDS);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
  } catch {
    say("This browser did not let the page copy; the inspector has the same text.");
  }
}
