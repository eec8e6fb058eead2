import { readFile } from 'node:fs/promises'

/** The kernel counts a process's time in hundredths of a second, whatever its own clock does (USER_HZ). */
const tickMs = 10

/** Milliseconds of CPU that a process has used, all its threads together, user and system. Linux only. */
export const readCpuMs = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
  // The name in parentheses may hold anything: the fields after it are counted from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** Resident memory of a process in MiB: now, and the most so far. */
export const readMemoryMib = async (
  pid: number,
): Promise<{ readonly now: number; readonly most: number }> => {
  const status = await readFile(`/proc/${pid}/status`, 'latin1')
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN)
  return { now: kib('VmRSS') / 1024, most: kib('VmHWM') / 1024 }
}
