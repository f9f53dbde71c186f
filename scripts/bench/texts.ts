/** What patients and practitioners write, of all lengths: the same for the app and for the bare peers. */
export const MESSAGES: readonly string[] = [
  "Good morning",
  "The oats keep me going until noon. Only the evenings are hard, I get hungry again at ten.",
  "Thank you",
  "Shall we move some protein from lunch to dinner? Lentils or chickpeas are fine, and an egg now and then.",
  "Yes",
  "I have sent the blood values to your colleague; the iron is back where it should be, vitamin D is still a little low, and we can stop the supplement after the next check in spring.",
  "On Thursday I eat with the family. How much of the paella is all right?",
  "A plate the size of your hand, and salad first.",
  "I did not keep to the plan at the weekend",
  "That happens. What counts is the week, not the day. What was the hardest moment?",
];

export const NAMES: readonly string[] = [
  "Ana Morales",
  "José Núñez",
  "Luis Pérez",
  "Chloé Dupont",
  "Ibrahim Al-Masri",
  "Jo Li",
  "Katharina von Hohenfels-Langenburg",
  "María del Carmen Fernández",
];
