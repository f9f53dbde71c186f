/** Whether lines begin at the right. */
export const isRtl = (): boolean => document.documentElement.dir === "rtl";
