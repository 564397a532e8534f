package ernie4j.bench.peer;

/** What the hidden states of two engines must have in common before their speeds are compared. */
public enum OutputCheck {
  /** Both compute in float32: every element differs by at most {@value #TOLERANCE}. */
  ELEMENTS {
    @Override
    public void require(float[] ours, float[] peer, int tokens, int hiddenSize) {
      requireClose(ours, peer, tokens * hiddenSize, TOLERANCE);
    }
  },
  /**
   * One computes in int8, or both do, each by a rule of its own: the hidden states of every token
   * have a cosine of at least {@value #LEAST_COSINE}. Their length needs no check, layer norm gives
   * it to them.
   */
  DIRECTIONS {
    @Override
    public void require(float[] ours, float[] peer, int tokens, int hiddenSize) {
      requireSameDirections(ours, peer, tokens, hiddenSize, LEAST_COSINE);
    }
  };

  /** Ten times what float32 engines have been seen to differ by. */
  private static final float TOLERANCE = 2e-5f;

  private static final double LEAST_COSINE = 0.99;

  /** The check for two engines. */
  public static OutputCheck of(EncoderEngine ours, EncoderEngine peer) {
    return ours.isExact() && peer.isExact() ? ELEMENTS : DIRECTIONS;
  }

  /**
   * Checks hidden states.
   *
   * @param ours {@code [tokens, hiddenSize]} from index 0 on
   * @param peer the same of the other engine
   * @throws IllegalStateException if they do not agree or have an element that is not a number
   */
  public abstract void require(float[] ours, float[] peer, int tokens, int hiddenSize);

  /**
   * Checks any two results.
   *
   * @throws IllegalStateException if an element of the first {@code count} differs by more than the
   *     tolerance or is not a number
   */
  public static void requireClose(float[] ours, float[] peer, int count, float tolerance) {
    float greatest = 0;
    for (int i = 0; i < count; i++) {
      float difference = Math.abs(ours[i] - peer[i]);
      if (!(difference <= tolerance)) {
        throw new IllegalStateException(
            "The two sides do not compute the same: element %d of %d is %s here and %s there, the tolerance is %s; nothing is reported"
                .formatted(i, count, ours[i], peer[i], tolerance));
      }
      greatest = Math.max(greatest, difference);
    }
    System.err.printf("outputs agree: greatest difference %.1e of %d values%n", greatest, count);
  }

  /**
   * Checks the rows of two matrices.
   *
   * @throws IllegalStateException if the cosine of a row of ours and the peer's is less than {@code
   *     least} or is not a number
   */
  static void requireSameDirections(float[] ours, float[] peer, int rows, int width, double least) {
    double smallest = 1;
    for (int row = 0; row < rows; row++) {
      double cosine = cosine(ours, peer, row * width, width);
      if (!(cosine >= least)) {
        throw new IllegalStateException(
            "The two sides do not compute the same: the hidden states of token %d of %d have a cosine of %s, expected at least %s; nothing is reported"
                .formatted(row, rows, cosine, least));
      }
      smallest = Math.min(smallest, cosine);
    }
    System.err.printf("outputs agree: smallest cosine %.6f of %d tokens%n", smallest, rows);
  }

  private static double cosine(float[] a, float[] b, int from, int count) {
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = from; i < from + count; i++) {
      product += (double) a[i] * b[i];
      squaresA += (double) a[i] * a[i];
      squaresB += (double) b[i] * b[i];
    }
    return product / Math.sqrt(squaresA * squaresB);
  }
}
