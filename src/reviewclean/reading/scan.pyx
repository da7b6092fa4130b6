# cython: boundscheck=False, wraparound=False
"""A quick look at the bytes of a page, compiled. Where this module is not built, `decode` takes the passes that it spares, to the same text."""

from libc.stdint cimport uint8_t


def tidy(const uint8_t[::1] body) -> bool:
    """Whether nothing in UTF-8 has to be taken out of it: no control characters but tab and line ends, no byte-order marks, zero-width spaces or soft hyphens.

    It says no as well where it has not looked closely: of the last two bytes.
    """
    cdef Py_ssize_t i, size = body.shape[0]
    cdef uint8_t a, b, c, found = 0
    with nogil:
        for i in range(size - 2):  # no branches: the compiler takes 16 bytes at a time
            a, b, c = body[i], body[i + 1], body[i + 2]
            found |= (a < 0x20) & (a != 0x09) & (a != 0x0A) & (a != 0x0D)
            found |= a == 0x7F
            found |= (a == 0xC2) & ((b < 0xA0) | (b == 0xAD))  # U+0080 to U+009F, U+00AD
            found |= (a == 0xE2) & (b == 0x80) & (c == 0x8B)  # U+200B
            found |= (a == 0xEF) & (((b == 0xBB) & (c == 0xBF)) | ((b == 0xBF) & (c >= 0xBE)))  # U+FEFF, U+FFFE, U+FFFF
        for i in range(max(size - 2, 0), size):
            found |= (body[i] < 0x20) & (body[i] != 0x0A) | (body[i] > 0x7E)
    return found == 0
