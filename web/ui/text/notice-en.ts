import type { NoticeText } from "./notice-text.ts";

export const noticeEn: NoticeText = [
  {
    heading: "In short",
    paragraphs: [
      "Thyme carries messages between you and your nutritionist. They are encrypted on your device and opened only on the devices of the people in the conversation. The people who run Thyme cannot read them, and neither can anyone who steals the database.",
    ],
  },
  {
    heading: "Who is responsible",
    paragraphs: [
      "Your nutritionist decides what is written and kept about your care, and is responsible for it. The operator of this site runs Thyme on your nutritionist’s behalf and stores what it cannot read. Cloudflare provides the computers for the operator.",
    ],
  },
  {
    heading: "What is stored and cannot be read by us",
    paragraphs: [
      "Your messages, which may say something about your health. The name you give as a patient. The labels a nutritionist gives to patients. All of this is stored encrypted, and only the people in the conversation can open it.",
    ],
  },
  {
    heading: "What we can see",
    paragraphs: [
      "Which accounts write to each other, when, roughly how long a message is, and how far it has been read. How many devices you use and when they sign in. Your internet address while you are connected. The public name of a nutritionist. Which version of this notice you accepted, and when.",
      "We use this only to deliver messages, to keep the service safe, and to meet legal duties. There is no advertising, no tracking, and nothing is sold.",
    ],
  },
  {
    heading: "Why we may do this",
    paragraphs: [
      "What you write about your health is stored because you agree to it when you join. You may take that back at any time; what was stored lawfully before stays lawful. Running your account is needed to give you the service. Keeping it safe is our legitimate interest.",
    ],
  },
  {
    heading: "Where and how long",
    paragraphs: [
      "Messages are stored on Cloudflare’s computers and on the devices of the people in the conversation. They are kept for as long as the conversation is. The law may oblige your nutritionist to keep a record of your care for some years; ask how long that is.",
      "A session ends 30 days after you last used Thyme. Signing out removes your messages from that device.",
    ],
  },
  {
    heading: "Your rights",
    paragraphs: [
      "You may ask to see what is stored about you, to have it corrected, deleted or restricted, to take it with you, and to object. Ask your nutritionist, in Thyme or in person, or the operator of this site. You may also complain to the data protection authority where you live.",
    ],
  },
  {
    heading: "What you should know",
    paragraphs: [
      "If you lose both your passkey and your recovery code, nobody can open your messages for you. Whoever has your recovery code can read them, so keep it safe.",
      "The other person can keep or copy what you send. Thyme is not for emergencies: in an emergency, call the emergency number.",
    ],
  },
];
