/** Whether nothing of it would be seen: white space and invisible format characters alone (Unicode Cf). */
export const isBlank = (text: string): boolean => !/[^\s\p{Cf}]/u.test(text);
