package ernie4j.bench.peer;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.onnx.BertOnnxGraph;
import ernie4j.engine.RaggedBatch;
import java.util.List;

/**
 * ONNX Runtime on one ragged batch, cut and padded by a plan. The results stay in the padded
 * buffers, so the time of a call includes no gathering that a user could avoid.
 */
public final class OnnxRuntimePadded implements AutoCloseable {
  private final RaggedBatch batch;
  private final int hiddenSize;
  private final OnnxRuntimeSession session;
  private final List<OnnxRuntimeBatch> calls;

  /** Loads the model and makes the buffers. */
  public OnnxRuntimePadded(BenchmarkModel model, RaggedBatch batch, PaddedPlan plan, int threads) {
    this.batch = batch;
    hiddenSize = model.config().hiddenSize();
    session =
        OnnxRuntimeSession.of(
            plan.isMasked()
                ? BertOnnxGraph.fusedWithMask(model.config(), model.parameters())
                : BertOnnxGraph.fused(model.config(), model.parameters()),
            threads);
    calls =
        plan.groups(batch).stream()
            .map(group -> new OnnxRuntimeBatch(session, batch, group, hiddenSize))
            .toList();
  }

  /** Runs the model on all sequences. */
  public void run() {
    for (OnnxRuntimeBatch call : calls) {
      call.run(session, batch);
    }
  }

  /** The hidden states of the real tokens, {@code [tokens, hidden]} in the batch's order. */
  public float[] hidden() {
    float[] all = new float[batch.tokens() * hiddenSize];
    for (OnnxRuntimeBatch call : calls) {
      call.gather(batch, hiddenSize, all);
    }
    return all;
  }

  @Override
  public void close() {
    calls.forEach(OnnxRuntimeBatch::close);
    session.close();
  }
}
