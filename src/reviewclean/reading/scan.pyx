# cython: boundscheck=False, wraparound=False
"""A quick look at the bytes of a page, compiled. Where this module is not built, `decode` takes the passes that it spares, to the same text."""

from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memchr, memcpy


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


def valid(const uint8_t[::1] body) -> bool:
    """Whether bytes are UTF-8, as Python takes it: nothing longer than need be, no surrogates, nothing beyond U+10FFFF."""
    return _valid(body)


cdef bint _valid(const uint8_t[::1] body) noexcept nogil:
    cdef Py_ssize_t i = 0, size = body.shape[0], more
    cdef uint64_t eight
    cdef uint8_t a, low, high
    while i < size:
        if i + 8 <= size:
            memcpy(&eight, &body[i], 8)
            if not eight & <uint64_t>0x8080808080808080:
                i += 8
                continue
        a = body[i]
        if a < 0x80:
            i += 1
            continue
        low, high = 0x80, 0xBF  # of the second byte
        if 0xC2 <= a <= 0xDF:
            more = 1
        elif 0xE0 <= a <= 0xEF:
            more = 2
            low, high = (0xA0 if a == 0xE0 else 0x80), (0x9F if a == 0xED else 0xBF)
        elif 0xF0 <= a <= 0xF4:
            more = 3
            low, high = (0x90 if a == 0xF0 else 0x80), (0x8F if a == 0xF4 else 0xBF)
        else:
            return False
        if i + more >= size or not low <= body[i + 1] <= high:
            return False
        if more > 1 and body[i + 2] & 0xC0 != 0x80 or more > 2 and body[i + 3] & 0xC0 != 0x80:
            return False
        i += more + 1
    return True


def refers(const uint8_t[::1] html) -> bool:
    """Whether a page may refer to characters by numbers of one or two digits (three, if they begin with 0 or 1), as those to control characters are."""
    return _refers(html)


cdef bint _refers(const uint8_t[::1] html) noexcept nogil:
    cdef Py_ssize_t i = 0, size = html.shape[0], digits
    cdef const uint8_t *found
    if not size:
        return False
    while i < size:
        found = <const uint8_t *>memchr(&html[i], 0x26, size - i)  # &
        if found == NULL:
            return False
        i = found - &html[0] + 1
        if i + 1 < size and html[i] == 0x23:  # #
            if html[i + 1] == 0x30 or html[i + 1] | 0x20 == 0x78:  # 0, x
                return True
            digits = 1
            while digits < 4 and i + digits < size and 0x30 <= html[i + digits] <= 0x39:
                digits += 1
            if digits < 4 or (html[i + 1] == 0x31 and not (i + 4 < size and 0x30 <= html[i + 4] <= 0x39)):
                return True
    return False
