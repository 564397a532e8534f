package ernie4j.bench.report;

/** What each side needed in one round: the median call, or whatever else is compared. */
public record Round(double ours, double peer) {

  /** Below 1 when ours needs less. */
  public double ratio() {
    return ours / peer;
  }
}
