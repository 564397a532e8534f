package ernie4j.engine.head;

/** What a row of an output's logits stands for. */
public enum Row {
  /** A text or a pair: one row per sequence, computed from the pooled output. */
  TEXT(true),
  /** One of several answers: one row per sequence; those of a question are compared. */
  CHOICE(true),
  /** A token: one row per token, computed from its hidden state. */
  TOKEN(false),
  /** A token as the first or the last of a span: the columns are compared along the tokens. */
  SPAN_END(false),
  /**
   * A token as the first or the last of any number of spans: its single column is passed through a
   * sigmoid.
   */
  SPAN_EDGE(false),
  /** A masked token: one row for each token that is asked for. */
  MASKED_TOKEN(false);

  private final boolean pooled;

  Row(boolean pooled) {
    this.pooled = pooled;
  }

  /** {@return whether there is one row per sequence; otherwise there is one per token} */
  public boolean isPooled() {
    return pooled;
  }
}
