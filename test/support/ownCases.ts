/**
 * A policy without the cases of the whole policy, which would refuse what a test makes of it on purpose. They are the
 * last part of the policy that ships.
 */
export const withoutOwnCases = (policyText: string): string => {
  const without = policyText.replace(/^cases:\n[\s\S]*$/m, '')
  if (without === policyText) throw new Error('the policy has no cases of its own')
  return without
}
