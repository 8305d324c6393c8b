/** The overlay that lists every key. */
import { Modal } from '@mantine/core';
import { Key } from '../parts/chip.tsx';
import styles from './shell.module.css';

const KEYS: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Alerts',
    keys: [
      ['j', 'Next alert'],
      ['k', 'Previous alert'],
      ['Enter', 'Open the alert'],
      ['/', 'Filter'],
      ['n', 'Show the new alerts'],
      ['u', 'Unfold the alerts of the process'],
      ['p', 'Fold by process, or not'],
    ],
  },
  {
    title: 'An alert',
    keys: [
      ['a', 'Acknowledge'],
      ['t', 'Close: true positive'],
      ['b', 'Close: benign'],
      ['f', 'Close: false positive'],
      ['d', 'Close: duplicate'],
      ['o', 'Reopen'],
      ['w', 'The same for the others of the process'],
      ['c', 'Write a comment'],
      ['n', 'Write a note'],
      ['1–9', 'Tick a step of the response'],
      ['y', 'Copy as ticket'],
      ['e', 'Exception from this alert'],
      ['j', 'Next alert'],
      ['k', 'Previous alert'],
      ['Esc', 'Back to the list'],
    ],
  },
  {
    title: 'Events, incidents',
    keys: [
      ['j', 'Next'],
      ['k', 'Previous'],
      ['Enter', 'Open'],
      ['/', 'Write a query'],
      ['m', 'Search on'],
      ['x', 'Explain the event with a rule'],
      ['Esc', 'Back to the list'],
    ],
  },
  {
    title: 'Rules',
    keys: [
      ['n', 'Add a rule'],
      ['e', 'Turn the rule on or off'],
      ['x', 'Explain an event with the rule'],
      ['j', 'Next rule'],
      ['k', 'Previous rule'],
      ['Enter', 'Open the rule'],
      ['Esc', 'Back to the list'],
    ],
  },
  {
    title: 'Hunt',
    keys: [
      ['/', 'Write a query'],
      ['Ctrl ↵', 'Hunt'],
      ['j', 'Next event'],
      ['k', 'Previous event'],
      ['Enter', 'See the event'],
      ['m', 'Make a rule of it'],
      ['Esc', 'Stop; close the event'],
    ],
  },
  {
    title: 'Runs',
    keys: [
      ['/', 'Choose rules'],
      ['r', 'Run them over the time'],
      ['p', 'On a rule: pause it, or let it go on'],
    ],
  },
  {
    title: 'Exceptions',
    keys: [
      ['n', 'New exception'],
      ['x', 'Turn it on or off'],
      ['l', 'Value lists'],
      ['i', 'Import, export'],
      ['1–9', 'Choose a suggestion'],
      ['a', 'And another field'],
      ['m', 'The other rules of the process too'],
      ['r', 'Write the reason'],
      ['s', 'Save'],
      ['Ctrl ↵', 'Save, from within a field'],
      ['f', 'Close what it removes: false positive'],
      ['l', 'From there back to the alerts'],
    ],
  },
  {
    title: 'Sources',
    keys: [
      ['j', 'Next source'],
      ['k', 'Previous source'],
      ['Enter', 'Open the source'],
      ['n', 'Earlier one of the last events'],
      ['p', 'Later one of the last events'],
      ['/', 'Filter the fields'],
      ['Esc', 'Back to the list'],
    ],
  },
  { title: 'Everywhere', keys: [['?', 'This list']] },
];

export function Help({ isOpen, close }: { readonly isOpen: boolean; readonly close: () => void }) {
  return (
    <Modal.Root opened={isOpen} onClose={close} size="sm" lockScroll={false} transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content radius={12}>
        <Modal.Body p={20}>
          {/* Not Modal.Header: a second header on the page, to assistive technology. */}
          <div className={styles.keysHead}>
            <Modal.Title fw={600}>Keys</Modal.Title>
            <Modal.CloseButton aria-label="Close the list of keys" />
          </div>
          {KEYS.map(({ title, keys }) => (
            <div key={title}>
              <h3 className={styles.keysTitle}>{title}</h3>
              <dl className={styles.keys}>
                {keys.map(([key, action]) => (
                  <div key={key + action} style={{ display: 'contents' }}>
                    <dt>
                      <Key>{key}</Key>
                    </dt>
                    <dd>{action}</dd>
                  </div>
                ))}
              </dl>
            </div>
          ))}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
