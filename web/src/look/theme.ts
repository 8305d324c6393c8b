/**
 * Mantine wearing the tokens: its variables point at `tokens.css`, so that a colour is written down once and both
 * schemes follow.
 */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

// Shade 7 in the light and shade 4 in the dark are the accent of tokens.css; the others are steps between.
const teal: MantineColorsTuple = [
  '#e2efec',
  '#c9e2de',
  '#a5d2cc',
  '#86cbc4',
  '#6cc5bd',
  '#45a19a',
  '#2f857f',
  '#1f6f6b',
  '#195a57',
  '#124643',
];

// Mantine's greys, warm as the paper, and its dark shades, those of the ink's side.
const gray: MantineColorsTuple = [
  '#fbfaf8',
  '#f4f2ee',
  '#ece9e4',
  '#e7e4df',
  '#d5d1ca',
  '#b9b4ab',
  '#6a707a',
  '#555b65',
  '#3a3f47',
  '#1c1e22',
];
const dark: MantineColorsTuple = [
  '#e8e6e1',
  '#a9aeb7',
  '#8d939d',
  '#6b717b',
  '#2c3138',
  '#272b31',
  '#1a1d22',
  '#14161a',
  '#101216',
  '#0b0c0f',
];

export const theme = createTheme({
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  colors: { teal, gray, dark },
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  defaultRadius: 8,
  cursorType: 'pointer',
  respectReducedMotion: true,
});

const tokens = {
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--pale)',
  '--mantine-color-placeholder': 'var(--pale)',
  '--mantine-color-default': 'var(--card)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--hairline)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
};

export const resolveVariables: CSSVariablesResolver = () => ({ variables: {}, light: tokens, dark: tokens });
