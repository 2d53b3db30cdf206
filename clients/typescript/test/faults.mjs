// Networks that lose, double and reorder, and apps that are killed at an await.
export class Killed extends Error {}

/** The same numbers for the same seed. */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = state + 0x6D2B79F5 >>> 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

/** A life of an app: `at` counts down its awaits, and at the end it is killed, before or after what it waited for was done. */
export class Life {
  constructor(at = Infinity, after = false) {
    Object.assign(this, { at, after, dead: false });
  }

  async through(act) {
    if (this.dead) throw new Killed();
    const isLast = --this.at <= 0;
    if (isLast && !this.after) throw this.#kill();
    const result = await act();
    if (isLast || this.dead) throw this.#kill();
    return result;
  }

  #kill() {
    this.dead = true;
    return new Killed();
  }

  storage(inner) {
    return {
      get: key => this.through(() => inner.get(key)),
      list: prefix => this.through(() => inner.list(prefix)),
      apply: changes => this.through(() => inner.apply(changes)),
    };
  }

  fetch(inner) {
    return (url, init) => this.through(() => inner(url, init));
  }
}

/** Loses requests and answers, sends some twice, and some once more after the next one. */
export function unreliable(inner, next) {
  let late = null;
  return async (url, init) => {
    const fault = next();
    if (fault < 0.08) throw new TypeError('The request was lost.');
    if (fault < 0.16) await (await inner(url, init)).text();
    const waiting = late;
    late = fault >= 0.16 && fault < 0.24 ? () => inner(url, init) : null;
    const answer = await inner(url, init);
    const text = await answer.text();
    if (waiting) await (await waiting()).text();
    if (fault >= 0.24 && fault < 0.32) throw new TypeError('The answer was lost.');
    return new Response(text, { status: answer.status, headers: answer.headers });
  };
}
