/** What the page last said; a worker's own `navigator.onLine` is not kept current everywhere. */
let said: boolean | null = null;

export const tellNetwork = (online: boolean): void => {
  said = online;
};

/** False only when the system is sure that there is no network. */
export const systemOnline = (): boolean => said ?? navigator.onLine;
