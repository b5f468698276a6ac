// The errors that the page can show.

/** An error response of the control API, or no response at all. */
export class ServerError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ status?: number, place?: string }} [details]
   */
  constructor(code, message, { status = 0, place = '' } = {}) {
    super(message);
    this.name = 'ServerError';
    this.code = code;
    /** The HTTP status; 0 if there was no response. */
    this.status = status;
    this.place = place;
  }
}

/** The code of a `ServerError` if the server did not respond. */
export const UNREACHABLE = 'Unreachable';

/** An error response of a cloud. */
export class CloudError extends Error {
  /**
   * @param {string} action
   * @param {string} code
   * @param {string} text
   * @param {{ status: number, requestId: string | null, hint: string | null }} details
   */
  constructor(action, code, text, { status, requestId, hint }) {
    super(text);
    this.name = 'CloudError';
    this.action = action;
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.hint = hint;
  }
}

/** An error whose message is a translated sentence for the user. */
export class UserError extends Error {}

/**
 * Whether a request failed only because the page cancelled it.
 *
 * @param {unknown} error
 */
export function isAbort(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
