import http from 'node:http';

/** How long a request may take. */
const LIMIT_MS = 60_000;

/** An error that the control API of the emulator returned. */
export class ControlError extends Error {
  override readonly name = 'ControlError';

  /** @internal */
  constructor(
    request: string,
    /** The HTTP status. */
    readonly status: number,
    /** The code, such as `InvalidBody`. */
    readonly code: string | undefined,
    /** The place of the mistake, such as `body.match.nth`. */
    readonly place: string | undefined,
    message: string,
  ) {
    super(`${request}: ${message}`);
  }
}

/**
 * Sends requests to the control API of one server.
 *
 * It uses `node:http` instead of `fetch`, because tests often replace the global `fetch`, and jsdom has none.
 *
 * @internal
 */
export class Control {
  constructor(
    /** The host and port of the server. It answers http at the port of https too. */
    readonly address: string,
    private readonly token: string | undefined,
  ) {}

  /** Sends a request and returns the JSON of the reply. */
  async json<T>(method: string, path: string, body?: object, limit?: number): Promise<T> {
    return JSON.parse(await this.text(method, path, body, limit)) as T;
  }

  /** Sends a request and returns the body of the reply, which must arrive within `limit` milliseconds. */
  async text(method: string, path: string, body?: object, limit = LIMIT_MS): Promise<string> {
    const { status, text } = await this.#send(method, path, body, limit);
    if (status >= 200 && status < 300) {
      return text;
    }
    const error = parsed(text);
    const place = error.place && ` (${error.place})`;
    const message = error.message ? error.message + (place ?? '') : `status ${status}`;
    throw new ControlError(`${method} ${path}`, status, error.code, error.place, message);
  }

  /** Deletes what may be deleted already. */
  async delete(path: string): Promise<void> {
    try {
      await this.text('DELETE', path);
    } catch (error) {
      if (!(error instanceof ControlError && error.status === 404)) {
        throw error;
      }
    }
  }

  #send(method: string, path: string, body: object | undefined, limit: number): Promise<{ status: number; text: string }> {
    const content = body && JSON.stringify(body);
    const headers: http.OutgoingHttpHeaders = {};
    if (content !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(content);
    }
    if (this.token !== undefined) {
      headers['authorization'] = `Bearer ${this.token}`;
    }
    // Its timer is not one that fake timers replace.
    const signal = AbortSignal.timeout(limit);
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void =>
        reject(signal.aborted ? new Error(`${method} ${path}: no reply within ${limit} ms`, { cause: error }) : error);
      // Its own connection, so that no request is sent on one that the server is closing.
      http
        .request(`http://${this.address}/_emulator/${path}`, { method, headers, agent: false, signal }, (reply) => {
          const chunks: Buffer[] = [];
          reply.on('data', (chunk: Buffer) => chunks.push(chunk));
          reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
          reply.on('error', fail);
        })
        .on('error', fail)
        .end(content);
    });
  }
}

function parsed(text: string): { code?: string; message?: string; place?: string } {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}
