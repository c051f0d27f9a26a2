import { expect, test } from 'vitest';
import { staleMounts } from './mount-points.js';

const MOUNTS = `/dev/vda / ext4 rw 0 0
/dev/loop3 /tmp/ninelives-mount-17-abc ext4 rw 0 0
/dev/loop4 /tmp/ninelives-mount-18-def btrfs rw 0 0
/dev/loop5 /mnt/ninelives xfs rw 0 0
tmpfs /tmp/ninelives-mount-17-xyz tmpfs rw 0 0
`;

test('only loop mounts of validations whose process is gone are stale', () => {
  expect(staleMounts(MOUNTS, (pid) => pid === 18)).toEqual([
    { device: '/dev/loop3', directory: '/tmp/ninelives-mount-17-abc' },
  ]);
});
