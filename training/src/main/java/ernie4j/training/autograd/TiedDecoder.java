package ernie4j.training.autograd;

import ernie4j.engine.kernels.PackedMatrix;

/** {@code Y = X E^T + b}, with an embedding E {@code [vocabulary, hidden]} as weight. */
final class TiedDecoder {
  private TiedDecoder() {}

  static Variable apply(Tape tape, Variable x, Variable embedding, Variable bias) {
    int hidden = embedding.columns();
    int vocabulary = embedding.rows();
    if (x.columns() != hidden || bias.size() != vocabulary) {
      throw new IllegalArgumentException(
          "tiedDecoder: expected an input [rows, %d] and a bias [%d], got [%d, %d] and [%d]"
              .formatted(hidden, vocabulary, x.rows(), x.columns(), bias.size()));
    }
    Variable y = tape.result(x.rows(), vocabulary, true);
    PackedMatrix packed = tape.productWorkspace().packed(hidden, vocabulary);
    Products.pack(tape, embedding.value(), 0, hidden, true, packed, 0, vocabulary);
    Products.multiply(
        tape, x.rows(), x.value(), hidden, packed, bias.value(), false, y.value(), vocabulary);
    tape.record(() -> differentiate(tape, x, embedding, bias, y));
    return y;
  }

  private static void differentiate(
      Tape tape, Variable x, Variable embedding, Variable bias, Variable y) {
    if (!y.hasGradient()) {
      return;
    }
    int hidden = embedding.columns();
    int vocabulary = embedding.rows();
    float[] dy = y.gradient();
    if (x.needsGradient()) {
      PackedMatrix packed = tape.productWorkspace().packed(vocabulary, hidden);
      Products.pack(tape, embedding.value(), 0, hidden, false, packed, 0, hidden);
      Products.backpropagate(tape, x, dy, vocabulary, packed);
    }
    int rows = x.rows();
    float[] transposed = Products.transpose(tape, dy, rows, vocabulary);
    PackedMatrix packed = tape.productWorkspace().packed(rows, hidden);
    Products.pack(tape, x.value(), 0, hidden, false, packed, 0, hidden);
    int ld = Products.leadingDimension(rows);
    Products.multiply(
        tape, vocabulary, transposed, ld, packed, null, true, embedding.gradient(), hidden);
    tape.kernels().columnSums(rows, vocabulary, dy, 0, vocabulary, bias.gradient(), 0);
  }
}
