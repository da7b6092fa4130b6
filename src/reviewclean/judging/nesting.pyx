# cython: boundscheck=False, wraparound=False
"""The elements of pages as columns, and what runs down from them, compiled: what `elements` does with numpy where this module is not built, to equal results."""

from libc.stdint cimport int64_t, uint8_t


def marks(list blocks, list at, list sizes, list targets, list strong, list strong_sizes):
    """Write the links of blocks (of each its block, length and target) and what is set in strong type (its block and length)."""
    cdef Py_ssize_t i
    for i in range(len(blocks)):
        for mark in <tuple>blocks[i].marks:
            kind = mark.kind
            if kind == "link":
                at.append(i)
                sizes.append(mark.end - mark.start)
                targets.append(mark.target)
            elif kind == "strong":
                strong.append(i)
                strong_sizes.append(mark.end - mark.start)


def spread(const int64_t[::1] parent, const uint8_t[:, ::1] fields, const float[::1] weight, uint8_t top, uint8_t[:, ::1] up, float[:, ::1] far):
    """Write the levels up to the nearest element of each field, `top` at most, and the sum, least and most of the weights of an element and all above it.

    Elements come in document order, so what stands above one is done before it; the first of a page is its own parent, and stays as it is.
    """
    cdef Py_ssize_t i, k
    cdef int64_t above
    with nogil:
        for i in range(parent.shape[0]):
            above = parent[i]
            if above == i:
                continue
            for k in range(fields.shape[1]):
                up[i, k] = 0 if fields[i, k] else min(up[above, k] + 1, top)
            far[i, 0] = far[above, 0] + weight[i]
            far[i, 1] = min(far[above, 1], weight[i])
            far[i, 2] = max(far[above, 2], weight[i])
