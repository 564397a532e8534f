package ernie4j.tokenizer;

import java.util.Arrays;

/** Code points, each with the range of UTF-16 chars of the original text that it came from. */
final class SourceText {
  int length;
  int[] codePoints;
  int[] starts;
  int[] ends;

  SourceText(int capacity) {
    codePoints = new int[capacity];
    starts = new int[capacity];
    ends = new int[capacity];
  }

  void add(int codePoint, int start, int end) {
    if (length == codePoints.length) {
      int capacity = Math.max(16, length * 2);
      codePoints = Arrays.copyOf(codePoints, capacity);
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
    codePoints[length] = codePoint;
    starts[length] = start;
    ends[length] = end;
    length++;
  }
}
