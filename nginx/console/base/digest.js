/*
 * SHA-1 of a text, as the log-in sends it. The browser has its own only on pages
 * that came by HTTPS or from this machine; a console must also open on neither.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
export function sha1(text) {
	const bytes = new TextEncoder().encode(text);
	const blocks = Math.ceil((bytes.length + 9) / 64);
	const words = new Uint32Array(blocks * 16);
	bytes.forEach((byte, i) => {
		words[i >> 2] |= byte << (24 - (i % 4) * 8);
	});
	words[bytes.length >> 2] |= 0x80 << (24 - (bytes.length % 4) * 8);
	words[words.length - 1] = bytes.length * 8;
	const sum = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe,
		0x10325476, 0xc3d2e1f0]);
	for (let at = 0; at < words.length; at += 16)
		addBlock(sum, words.subarray(at, at + 16));
	return [...sum].map((word) => word.toString(16).padStart(8, '0')).join('');
}

function addBlock(sum, block) {
	const w = new Uint32Array(80);
	w.set(block);
	for (let i = 16; i < 80; i++)
		w[i] = turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	let [a, b, c, d, e] = sum;
	for (let i = 0; i < 80; i++) {
		const next = turn(a, 5) + mixed(i, b, c, d) + e + w[i];
		[a, b, c, d, e] = [next >>> 0, a, turn(b, 30), c, d];
	}
	[a, b, c, d, e].forEach((word, i) => {
		sum[i] += word;
	});
}

function mixed(i, b, c, d) {
	if (i < 20)
		return ((b & c) | (~b & d)) + 0x5a827999;
	if (i < 40)
		return (b ^ c ^ d) + 0x6ed9eba1;
	if (i < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

function turn(word, bits) {
	return ((word << bits) | (word >>> (32 - bits))) >>> 0;
}
