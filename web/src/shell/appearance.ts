/** Light, dark, or as the system has it; remembered by Mantine's provider. */
import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';

export const APPEARANCES: readonly { readonly value: MantineColorScheme; readonly label: string }[] = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function useAppearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const at = APPEARANCES.findIndex(({ value }) => value === colorScheme);
  return {
    value: colorScheme,
    label: APPEARANCES[at]?.label ?? 'System',
    set: setColorScheme,
    next: () => setColorScheme(APPEARANCES[(at + 1) % APPEARANCES.length]?.value ?? 'auto'),
  };
}
