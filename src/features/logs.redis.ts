import type { Redis } from 'ioredis'
import type { LogAnswer } from './settle.ts'
import { createScript, forEachIndexed } from './scripts.redis.ts'

/**
 * One call for one batch: appends to logs, and answers only with what the caller does not know already.
 *
 * ARGV[1] JSON:
 *   size      bytes of a record
 *   logs      keys to append to
 *   records   for each log: the number of its record, or a list of numbers
 *   known     for each log: how many bytes of it the caller holds; -1 where it wants no answer
 *   folds     for each log: how often it was folded when it was read; 0 for never
 *   prolong   for each log: 1 to set its expiry anew; a log that comes into being always gets one
 *   expiry    ms
 *   markers   keys of coverage markers; since: for each the value that the caller knows, '' for none
 *   now       value for a marker that does not exist: from now on the shard is covered
 *   devices   keys of device states; stamps: for each the beginning of the value that the caller holds
 * ARGV[2] the records, one after the other
 *
 * Returns three flat lists, by index from 0, of what differs from what the caller knows:
 *   markers: index, value;  devices: index, value ('' for none);
 *   logs: index, first 16 bytes, bytes from the known length on, marker of its shard; or, if nothing is known or the log
 *   is shorter than it was: index, '', the whole log, marker. What is appended here is in the answer.
 */
const appendAndRead = `#!lua flags=allow-cross-slot-keys
local call, sub, type = redis.call, string.sub, type
local plan = cjson.decode(ARGV[1])
local blob, size = ARGV[2], plan.size
local markers, devices, logs = {}, {}, {}

local since, now = plan.since, plan.now
local function marker(key)
  local value = call('GET', key)
  if not value then
    value = now
    call('SET', key, value)
  end
  return value
end
for i, key in ipairs(plan.markers) do
  local value = marker(key)
  if value ~= since[i] then
    markers[#markers + 1] = i - 1
    markers[#markers + 1] = value
  end
end

local stamps = plan.stamps
for i, key in ipairs(plan.devices) do
  local stamp = call('GETRANGE', key, 0, 15)
  if stamp ~= stamps[i] then
    devices[#devices + 1] = i - 1
    devices[#devices + 1] = stamp == '' and '' or call('GET', key)
  end
end

local records, known, prolong, expiry = plan.records, plan.known, plan.prolong, plan.expiry
local folds = plan.folds
local function foldsOf(key)
  local b1, b2, b3, b4 = string.byte(call('GETRANGE', key, 4, 7), 1, 4)
  return b1 + b2 * 256 + b3 * 65536 + b4 * 16777216
end
for i, key in ipairs(plan.logs) do
  local which, value = records[i], nil
  if type(which) == 'number' then
    value = sub(blob, which * size + 1, which * size + size)
  else
    local parts = {}
    for j, each in ipairs(which) do parts[j] = sub(blob, each * size + 1, each * size + size) end
    value = table.concat(parts)
  end
  local added, held = #value, known[i]
  local length = call('APPEND', key, value)
  if length == added or prolong[i] == 1 then call('PEXPIRE', key, expiry) end
  local same = length == held + added
  if same and folds[i] > 0 and foldsOf(key) ~= folds[i] then same, held = false, 0 end
  if held >= 0 and not same then
    logs[#logs + 1] = i - 1
    if held > 0 and length > held + added then
      logs[#logs + 1] = call('GETRANGE', key, 0, 15)
      logs[#logs + 1] = call('GETRANGE', key, held, -1)
    else
      logs[#logs + 1] = ''
      logs[#logs + 1] = call('GET', key)
    end
    logs[#logs + 1] = marker(string.match(key, '^.-}:') .. 'covered')
  end
end
return { markers, devices, logs }`

export type LogsRequest = {
  readonly size: number
  readonly logs: readonly string[]
  readonly records: readonly (number | readonly number[])[]
  readonly known: readonly number[]
  readonly folds: readonly number[]
  readonly prolong: readonly (0 | 1)[]
  readonly expiry: number
  readonly markers: readonly string[]
  readonly since: readonly string[]
  readonly now: string
  readonly devices: readonly string[]
  readonly stamps: readonly string[]
}

/** By index in the request; what is not in here is as the caller knows it. */
export type LogsReply = {
  readonly markers: ReadonlyMap<number, string>
  readonly devices: ReadonlyMap<number, Buffer>
  readonly logs: ReadonlyMap<number, LogAnswer & { readonly marker: string }>
}

/** A request and its records, one after the other. */
export type LogsCall = { readonly request: LogsRequest; readonly records: Buffer }

export type Logs = {
  appendAndRead(request: LogsRequest, records: Buffer): Promise<LogsReply>
  /** Several requests in their order, in one write. */
  inOrder(calls: readonly LogsCall[]): Promise<readonly LogsReply[]>
  /** The whole of each log; empty where there is none. */
  readWhole(keys: readonly string[]): Promise<readonly Buffer[]>
}

const nothing = Buffer.alloc(0)

const readReply = (reply: unknown): LogsReply => {
  const markers = new Map<number, string>()
  const devices = new Map<number, Buffer>()
  const logs = new Map<number, LogAnswer & { readonly marker: string }>()
  const parts: readonly unknown[] = Array.isArray(reply) ? reply : []
  forEachIndexed(parts[0], 1, (index, [value = nothing]) => markers.set(index, value.toString('latin1')))
  forEachIndexed(parts[1], 1, (index, [value = nothing]) => devices.set(index, value))
  forEachIndexed(parts[2], 3, (index, [prefix = nothing, bytes = nothing, marker = nothing]) =>
    logs.set(index, {
      prefix: prefix.byteLength === 0 ? null : prefix,
      bytes,
      marker: marker.toString('latin1'),
    }),
  )
  return { markers, devices, logs }
}

export const createLogs = (redis: Redis): Logs => {
  const script = createScript(redis, appendAndRead)
  return {
    appendAndRead: async (request, records) => readReply(await script(JSON.stringify(request), records)),
    inOrder: async (calls) =>
      (await script.inOrder(calls.map(({ request, records }) => [JSON.stringify(request), records]))).map(
        readReply,
      ),
    readWhole: async (keys) =>
      (await Promise.all(keys.map((key) => redis.getBuffer(key)))).map((bytes) => bytes ?? nothing),
  }
}
