// What becomes due when the clock advances.

import { number, utc } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { link } from '../shared/address.js';
import { button, table } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { focusHeading } from '../shared/focus.js';
import { request } from '../shared/http.js';
import { timeLeftElement } from '../shared/time_elements.js';
import { timeLine } from './time_line.js';

/** How many planned operations are in the table. */
const MAX_LISTED = 20;

/** How many planned operations are on the line. */
const MAX_READ = 200;

/**
 * @param {() => string | undefined} account The account of the shown clock; absent for the server's.
 * @param {(time: string) => void} jump Sets the clock to a time.
 * @param {AbortSignal} signal
 */
export function dueSection(account, jump, signal) {
  const content = h('div', { class: 'stack' });
  const line = timeLine(jump);
  let shown = '';

  const load = async () => {
    try {
      const { count, due } = await request('/clock/due', { query: { account: account(), limit: MAX_READ }, signal });
      const state = JSON.stringify([count, due, account()]);
      line.show(due);
      if (state === shown) return;
      shown = state;
      draw(count, due.slice(0, MAX_LISTED));
    } catch (error) {
      shown = '';
      if (!isAbort(error)) fill(content, errorMessage(error));
    }
  };

  /**
   * @param {number} count
   * @param {import('../shared/control_api.js').DueWork[]} due
   */
  const draw = (count, due) => {
    const [first] = due;
    const hadFocus = content.contains(document.activeElement);
    if (!first) {
      fill(content, h('p', { class: 'faint' }, t('due_none')));
      if (hadFocus) focusHeading();
      return;
    }
    const rows = due.map(({ at, work, cloud, account: owner, region, secret, key }) => [
      timeLeftElement(new Date(at)),
      t(`due_${work}`),
      h('a', { href: link(key ? 'key' : 'secret', { cloud, account: owner, region, name: key ?? secret ?? undefined }), class: 'mono' }, key ?? secret),
      t(`cloud_${cloud}`),
      button(t('due_jump'), () => jump(at), { label: t('due_jump_to', { time: utc(new Date(at)) }) }),
    ]);
    fill(
      content,
      h('div', { class: 'row' }, button(t('due_next'), () => jump(first.at), { kind: 'primary' }), h('span', { class: 'faint' }, t('due_count', { count: number(count) }))),
      table(t('due_title'), [t('due_at'), t('due_work'), t('secret_name'), t('scope_cloud'), t('actions')], rows),
    );
    if (hadFocus) content.querySelector('button')?.focus();
  };

  return { element: h('section', {}, h('h2', {}, t('due_title')), line.element, content), load };
}
