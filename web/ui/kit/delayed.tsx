import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Skeletons and waiting texts: what comes within 300 ms needs none. */
const NOTICEABLE_MS = 300;

export function Delayed({
  ms = NOTICEABLE_MS,
  children,
}: {
  ms?: number;
  children: ComponentChildren;
}) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return due ? <>{children}</> : null;
}
