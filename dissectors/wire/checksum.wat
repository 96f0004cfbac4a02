;; Checksums over bytes in the memory that the host of this module gives it.
;; `npm run wasm` assembles this text into checksum-module.ts; a test compares the two.
;;
;; The memory starts with the table of the CRC, 16 levels of 256 words: a word of level n is what a byte adds to the
;; register that n more bytes follow.
(module
  (import "host" "memory" (memory 1))

  ;; Feeds the bytes [$at, $end) to a reflected CRC register of 32 bits: 16 bytes a step, then one by one.
  (func (export "crc") (param $register i32) (param $at i32) (param $end i32) (result i32)
    (local $w0 i32) (local $w1 i32) (local $w2 i32) (local $w3 i32)
    (block $few
      (loop $step
        (br_if $few (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
        (local.set $w0 (i32.xor (local.get $register) (i32.load (local.get $at))))
        (local.set $w1 (i32.load offset=4 (local.get $at)))
        (local.set $w2 (i32.load offset=8 (local.get $at)))
        (local.set $w3 (i32.load offset=12 (local.get $at)))
        ;; Each byte selects an entry of its level, of four bytes. The entries of the last three words are looked up first:
        ;; only those of the first word need the register of the step before.
        (i32.load offset=11264 (i32.and (i32.shl (local.get $w1) (i32.const 2)) (i32.const 1020)))
        (i32.xor (i32.load offset=10240 (i32.and (i32.shr_u (local.get $w1) (i32.const 6)) (i32.const 1020))))
        (i32.xor (i32.load offset=9216 (i32.and (i32.shr_u (local.get $w1) (i32.const 14)) (i32.const 1020))))
        (i32.xor (i32.load offset=8192 (i32.and (i32.shr_u (local.get $w1) (i32.const 22)) (i32.const 1020))))
        (i32.xor (i32.load offset=7168 (i32.and (i32.shl (local.get $w2) (i32.const 2)) (i32.const 1020))))
        (i32.xor (i32.load offset=6144 (i32.and (i32.shr_u (local.get $w2) (i32.const 6)) (i32.const 1020))))
        (i32.xor (i32.load offset=5120 (i32.and (i32.shr_u (local.get $w2) (i32.const 14)) (i32.const 1020))))
        (i32.xor (i32.load offset=4096 (i32.and (i32.shr_u (local.get $w2) (i32.const 22)) (i32.const 1020))))
        (i32.xor (i32.load offset=3072 (i32.and (i32.shl (local.get $w3) (i32.const 2)) (i32.const 1020))))
        (i32.xor (i32.load offset=2048 (i32.and (i32.shr_u (local.get $w3) (i32.const 6)) (i32.const 1020))))
        (i32.xor (i32.load offset=1024 (i32.and (i32.shr_u (local.get $w3) (i32.const 14)) (i32.const 1020))))
        (i32.xor (i32.load offset=0 (i32.and (i32.shr_u (local.get $w3) (i32.const 22)) (i32.const 1020))))
        (i32.xor
          (i32.load offset=15360 (i32.and (i32.shl (local.get $w0) (i32.const 2)) (i32.const 1020)))
          (i32.load offset=14336 (i32.and (i32.shr_u (local.get $w0) (i32.const 6)) (i32.const 1020))))
        (i32.xor
          (i32.load offset=13312 (i32.and (i32.shr_u (local.get $w0) (i32.const 14)) (i32.const 1020)))
          (i32.load offset=12288 (i32.and (i32.shr_u (local.get $w0) (i32.const 22)) (i32.const 1020))))
        i32.xor
        i32.xor
        local.set $register
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $step)))
    (block $done
      (loop $byte
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $register
          (i32.xor
            (i32.shr_u (local.get $register) (i32.const 8))
            (i32.load
              (i32.shl
                (i32.and (i32.xor (local.get $register) (i32.load8_u (local.get $at))) (i32.const 255))
                (i32.const 2)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $byte)))
    (local.get $register))

  ;; Adds the big-endian 16-bit words of the bytes [$at, $end) to a sum, modulo 2^32; an odd last byte is the high byte of
  ;; a word.
  (func (export "sum") (param $sum i32) (param $at i32) (param $end i32) (result i32)
    (local $sums v128)
    (block $few
      (loop $step
        (br_if $few (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
        ;; The bytes of each word are swapped, neighbours added to four words of 32 bits, and those to the sums so far.
        (local.set $sums
          (i32x4.add
            (local.get $sums)
            (i32x4.extadd_pairwise_i16x8_u
              (i8x16.shuffle 1 0 3 2 5 4 7 6 9 8 11 10 13 12 15 14
                (v128.load (local.get $at))
                (v128.load (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $step)))
    (block $odd
      (loop $word
        (br_if $odd (i32.gt_u (i32.add (local.get $at) (i32.const 2)) (local.get $end)))
        (local.set $sum
          (i32.add
            (local.get $sum)
            (i32.or
              (i32.shl (i32.load8_u (local.get $at)) (i32.const 8))
              (i32.load8_u offset=1 (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (br $word)))
    (if (i32.lt_u (local.get $at) (local.get $end))
      (then
        (local.set $sum
          (i32.add (local.get $sum) (i32.shl (i32.load8_u (local.get $at)) (i32.const 8))))))
    (i32.add
      (local.get $sum)
      (i32.add
        (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 1 (local.get $sums)))
        (i32.add (i32x4.extract_lane 2 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums)))))))
