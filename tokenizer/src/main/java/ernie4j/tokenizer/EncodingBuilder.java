package ernie4j.tokenizer;

/** Puts special tokens and texts together. */
final class EncodingBuilder {
  private final Tokenizer tokenizer;
  private final int[] ids;
  private final int[] starts;
  private final int[] ends;
  private final byte[] parts;
  private int length;

  EncodingBuilder(Tokenizer tokenizer, int capacity) {
    this.tokenizer = tokenizer;
    ids = new int[capacity];
    starts = new int[capacity];
    ends = new int[capacity];
    parts = new byte[capacity];
  }

  void special(int id, byte part) {
    ids[length] = id;
    parts[length] = part;
    length++;
  }

  void text(Tokens tokens, byte part) {
    for (int t = 0; t < tokens.length(); t++) {
      ids[length] = tokens.id(t);
      starts[length] = tokens.start(t);
      ends[length] = tokens.end(t);
      parts[length] = part;
      length++;
    }
  }

  Encoding build() {
    return new Encoding(tokenizer, ids, starts, ends, parts);
  }
}
