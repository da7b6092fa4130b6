# cython: boundscheck=False, wraparound=False, cdivision=True
"""Rows of features down boosted trees, compiled: what `trees.Trees` does with numpy where this module is not built, to the same last bit."""

from libc.stdint cimport int64_t

cdef Py_ssize_t BLOCK = 32  # rows that go down all trees before the next ones do: they stay in the processor's first cache


def descend(
    const float[:, ::1] rows, const Py_ssize_t[::1] feature, const float[::1] threshold, const Py_ssize_t[::1] left, const int64_t[::1] value,
    const Py_ssize_t[::1] roots, int64_t[::1] sums,
):
    """Add the leaf of each tree that each row comes to, to `sums`, (rows,). The trees are as in `Trees`; every place in them is inside them.

    Eight rows go down side by side, since each step of one waits for memory. A leaf is its own child, so whoever has come to one stays.
    """
    cdef Py_ssize_t width = rows.shape[1], start = 0, end, row, tree, a, b, c, d, e, f, g, h, next_a, next_b, next_c, next_d, next_e, next_f, next_g, next_h
    cdef const float* x
    with nogil:
        while start < rows.shape[0]:
            end = min(start + BLOCK, rows.shape[0])
            for tree in range(roots.shape[0]):
                row = start
                while row + 8 <= end:
                    x = &rows[row, 0]
                    a = b = c = d = e = f = g = h = -1
                    next_a = next_b = next_c = next_d = next_e = next_f = next_g = next_h = roots[tree]
                    while a != next_a or b != next_b or c != next_c or d != next_d or e != next_e or f != next_f or g != next_g or h != next_h:
                        a, b, c, d, e, f, g, h = next_a, next_b, next_c, next_d, next_e, next_f, next_g, next_h
                        next_a = left[a] + <Py_ssize_t>(x[feature[a]] > threshold[a])
                        next_b = left[b] + <Py_ssize_t>(x[width + feature[b]] > threshold[b])
                        next_c = left[c] + <Py_ssize_t>(x[2 * width + feature[c]] > threshold[c])
                        next_d = left[d] + <Py_ssize_t>(x[3 * width + feature[d]] > threshold[d])
                        next_e = left[e] + <Py_ssize_t>(x[4 * width + feature[e]] > threshold[e])
                        next_f = left[f] + <Py_ssize_t>(x[5 * width + feature[f]] > threshold[f])
                        next_g = left[g] + <Py_ssize_t>(x[6 * width + feature[g]] > threshold[g])
                        next_h = left[h] + <Py_ssize_t>(x[7 * width + feature[h]] > threshold[h])
                    sums[row] += value[a]
                    sums[row + 1] += value[b]
                    sums[row + 2] += value[c]
                    sums[row + 3] += value[d]
                    sums[row + 4] += value[e]
                    sums[row + 5] += value[f]
                    sums[row + 6] += value[g]
                    sums[row + 7] += value[h]
                    row += 8
                while row < end:
                    a, next_a = -1, roots[tree]
                    while a != next_a:
                        a = next_a
                        next_a = left[a] + <Py_ssize_t>(rows[row, feature[a]] > threshold[a])
                    sums[row] += value[a]
                    row += 1
            start = end
