import type { Fetch } from './types.js';

/** The portal refused a call. `problem` is the name in which its type ends, such as `device-revoked`. */
export class PortalError extends Error {
  constructor(
    readonly status: number,
    readonly problem: string,
    readonly details: Record<string, unknown>,
    /** Milliseconds that the portal asks to wait. */
    readonly retryAfter?: number,
  ) {
    super(typeof details.detail === 'string' ? details.detail : `The portal answered ${status} ${problem}.`);
    this.name = 'PortalError';
  }
}

/** Nobody answered, or not the portal. Nothing is known of what became of the call: send the same again. */
export class AwayError extends Error {
  constructor(readonly reason: unknown) {
    super('The portal cannot be reached.');
    this.name = 'AwayError';
  }
}

export interface HttpOptions {
  url: string;
  fetch?: Fetch;
  /** Milliseconds for an answer; 30 s if absent. */
  timeout?: number;
  /** Waits; for tests. */
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> => new Promise(done => {
  if (signal?.aborted) return done();
  const timer = setTimeout(done, milliseconds);
  signal?.addEventListener('abort', () => { clearTimeout(timer); done(); }, { once: true });
});

/** Twice as long each time, with jitter, at most five minutes; never less than the portal asked for. */
export function backOff(attempt: number, failure: unknown): number {
  const own = Math.min(300_000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2);
  const asked = failure instanceof PortalError ? failure.retryAfter ?? 0 : 0;
  return asked > 0 ? asked + Math.min(own, 2_000) : own;
}

/** Whether the same call may succeed later. */
export const isPassing = (failure: unknown): boolean =>
  failure instanceof AwayError || (failure instanceof PortalError && (failure.status === 408 || failure.status === 429 || failure.status >= 500));

export class Http {
  readonly #url: string;
  readonly #fetch: Fetch;

  constructor(private readonly options: HttpOptions) {
    this.#url = options.url.replace(/\/+$/, '');
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, { ...init, credentials: 'omit', cache: 'no-store' }));
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return (this.options.sleep ?? sleep)(milliseconds, signal);
  }

  /** The answer's data and status. One try. */
  async call(method: string, path: string, bearer: string | null, body?: unknown): Promise<{ status: number; data: any }> {
    const timer = new AbortController();
    const late = setTimeout(() => timer.abort(), this.options.timeout ?? 30_000);
    let status: number, text: string, wait: string | null;
    try {
      const response = await this.#send(method, path, bearer, body, timer.signal);
      [status, wait] = [response.status, response.headers.get('Retry-After')];
      text = await response.text();
    } catch (reason) {
      throw new AwayError(reason);
    } finally {
      clearTimeout(late);
    }

    let answer: any;
    try {
      answer = JSON.parse(text);
    } catch (reason) {
      throw status === 429 || status >= 500 ? new PortalError(status, '', {}, seconds(wait)) : new AwayError(reason); // a proxy, or half an answer
    }
    if (status < 300 && answer?.success === true) return { status, data: answer.data };
    if (typeof answer?.type !== 'string') throw new AwayError(answer);
    throw new PortalError(status, answer.type.split(':').pop(), answer, seconds(wait));
  }

  /** A stream's answer, when its headers are there. */
  async open(path: string, bearer: string | null, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    try {
      return await this.#send('GET', path, bearer, undefined, signal, headers);
    } catch (reason) {
      throw new AwayError(reason);
    }
  }

  #send(method: string, path: string, bearer: string | null, body: unknown, signal: AbortSignal, more: Record<string, string> = {}): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', ...more };
    if (bearer !== null) headers.Authorization = `Bearer ${bearer}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return this.#fetch(this.#url + path, { method, headers, signal, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }
}

const seconds = (wait: string | null): number | undefined => wait !== null && Number(wait) >= 0 ? Number(wait) * 1000 : undefined;
