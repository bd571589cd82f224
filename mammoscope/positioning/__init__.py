"""Positioning: landmarks, the posterior nipple line, and every criterion that can be measured.

Source: T. Tanyel, N. Denizoglu, M. E. Seker, D. Alis, E. Cerekci, E. Karaarslan, E. Aribal,
I. Oksuz, Mammographic Breast Positioning Assessment via Deep Learning (2024).
"""
