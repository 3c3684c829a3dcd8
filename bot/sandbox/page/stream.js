/** The server's event stream, taken up again for as long as the page is open. */

const KINDS = ["message", "edit", "delete", "typing", "toast", "commands", "people", "clock"];
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 3_000;
/** A break shorter than this is not worth a word. */
const UNNOTICED = 800;

/**
 * After every break everything is read anew and the stream followed from there. Resuming with the last event's number
 * would be less work, but a restarted server counts from one again and would be taken for the old one.
 * @param {import("./world.js").World} world
 */
export async function follow(world) {
  let pause = FIRST_PAUSE;
  let notice = 0;
  for (;;) {
    try {
      const last = await world.load();
      await listen(world, last, () => {
        pause = FIRST_PAUSE;
        clearTimeout(notice);
        notice = 0;
        world.setConnected(true);
      });
    } catch (error) {
      console.warn("isobot sandbox:", error);
    }
    notice ||= setTimeout(() => world.setConnected(false), UNNOTICED);
    await new Promise((resume) => setTimeout(resume, pause));
    pause = Math.min(pause * 1.5, LONGEST_PAUSE);
  }
}

/**
 * @param {import("./world.js").World} world
 * @param {number} last number of the last event already known
 * @param {() => void} onOpen
 * @returns {Promise<void>} settles when the stream breaks, or the server no longer knows all that was missed
 */
function listen(world, last, onOpen) {
  const source = new EventSource(`/sandbox/events?since=${last}`);
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => world.receive(kind, JSON.parse(event.data)));
  }
  source.addEventListener("open", onOpen);
  return new Promise((settle) => {
    const end = () => {
      source.close();
      settle();
    };
    source.addEventListener("error", end);
    source.addEventListener("reload", end);
  });
}
