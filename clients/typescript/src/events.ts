import { backOff, type Http } from './http.js';

export interface DeviceEvent { type: string; head?: number }

/** Where the stream was left: what was missed is told at once on the next connection. */
export interface Mark { id: string | null; retry: number }

/** One connection to the portal's live events, to its end. Nothing where the platform cannot read a stream. */
export async function* listen(http: Http, token: string, mark: Mark, signal: AbortSignal): AsyncGenerator<DeviceEvent | { refused: number; body: string }> {
  const response = await http.open('/api/devices/me/events', token, { Accept: 'text/event-stream', ...(mark.id === null ? {} : { 'Last-Event-ID': mark.id }) }, signal);
  if (response.status !== 200) {
    yield { refused: response.status, body: await response.text() };
    return;
  }
  const reader = response.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let [text, data] = ['', ''];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end).replace(/\r$/, '');
        text = text.slice(end + 1);
        if (line === '') {
          if (data !== '') yield JSON.parse(data);
          data = '';
        } else if (line.startsWith('data:')) data += line.slice(5).trimStart();
        else if (line.startsWith('id:')) mark.id = line.slice(3).trim();
        else if (line.startsWith('retry:')) mark.retry = Number(line.slice(6)) || mark.retry;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Milliseconds before the next connection. */
export const pause = (mark: Mark, attempt: number): number => Math.max(mark.retry, attempt === 0 ? 0 : backOff(attempt, null));
