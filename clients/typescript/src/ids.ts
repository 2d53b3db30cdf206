/** Random bytes as base64url. React Native needs expo-crypto or react-native-get-random-values for this. */
export function random(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...values)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export const newId = (): string => random(16);
