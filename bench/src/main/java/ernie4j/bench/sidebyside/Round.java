package ernie4j.bench.sidebyside;

/** The median call of each side in one round, in milliseconds. */
public record Round(double ours, double peer) {

  /** Below 1 when ours is faster. */
  public double ratio() {
    return ours / peer;
  }
}
