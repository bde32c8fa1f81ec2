"""What a text states of itself: 文号, 机关, dates, validity and repeals, each with the sentence that proves it."""
