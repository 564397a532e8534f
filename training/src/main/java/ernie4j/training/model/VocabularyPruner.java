package ernie4j.training.model;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the word embeddings that a corpus needs: the special tokens, then tokens by falling
 * frequency, ties and tokens that never occur by their old id. A fine-tuned model spends most of
 * its size there.
 */
public final class VocabularyPruner {
  private VocabularyPruner() {}

  /**
   * The old ids to keep, in their new order: [PAD] [CLS] [SEP] [MASK] [UNK], then by frequency.
   *
   * @param texts what the model will have to read, for example all utterances
   * @param size how many ids to keep
   */
  public static int[] select(Tokenizer tokenizer, List<String> texts, int vocabulary, int size) {
    int[] special = {
      tokenizer.padId(), tokenizer.clsId(), tokenizer.sepId(), tokenizer.maskId(), tokenizer.unkId()
    };
    if (size < special.length || size > vocabulary) {
      throw new IllegalArgumentException(
          "VocabularyPruner: expected a size from %d to %d, got %d"
              .formatted(special.length, vocabulary, size));
    }
    long[] frequency = new long[vocabulary];
    for (String text : texts) {
      for (int id : tokenizer.encode(text).ids()) {
        frequency[id]++;
      }
    }
    for (int i = 0; i < special.length; i++) {
      frequency[special[i]] = Long.MAX_VALUE - i;
    }
    List<Integer> ids = new ArrayList<>();
    for (int id = 0; id < vocabulary; id++) {
      ids.add(id);
    }
    ids.sort((a, b) -> Long.compare(frequency[b], frequency[a]));
    return ids.subList(0, size).stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * A model with only the words that some texts need and the first positions: {@link #select} and
   * {@link #prune}.
   *
   * @param tokenizer the model's
   * @param words how many word embeddings to keep; all if the model has no more
   * @param positions the longest sequence from now on; all if the model has no more
   */
  public static Model fit(
      Model model, Tokenizer tokenizer, List<String> texts, int words, int positions) {
    int vocabulary = model.vocabulary().size();
    int[] keep = select(tokenizer, texts, vocabulary, Math.min(words, vocabulary));
    return prune(model, keep, Math.min(positions, model.config().maxPositions()));
  }

  /**
   * A model with only the given rows of the word embedding and the first positions.
   *
   * @param keep old ids in their new order
   * @param positions the longest sequence from now on; at most what the model has
   */
  public static Model prune(Model model, int[] keep, int positions) {
    EncoderConfig old = model.config();
    if (positions < 3 || positions > old.maxPositions()) {
      throw new IllegalArgumentException(
          "VocabularyPruner: expected 3 to %d positions, got %d"
              .formatted(old.maxPositions(), positions));
    }
    int hidden = old.hiddenSize();
    Tensor words = model.parameters().get(ParameterNames.WORD_EMBEDDINGS);
    Tensor keptWords = Tensor.zeros(keep.length, hidden);
    List<String> vocabulary = new ArrayList<>();
    for (int i = 0; i < keep.length; i++) {
      System.arraycopy(
          words.data(), words.offset() + keep[i] * hidden, keptWords.data(), i * hidden, hidden);
      vocabulary.add(model.vocabulary().get(keep[i]));
    }
    ParameterStore store = new ParameterStore();
    ModelParts.withPositions(model, positions).parameters().asMap().forEach(store::put);
    store.replace(ParameterNames.WORD_EMBEDDINGS, keptWords);
    EncoderConfig config =
        new EncoderConfig(
            keep.length,
            hidden,
            old.layers(),
            old.attentionHeads(),
            old.headSize(),
            old.intermediateSize(),
            positions,
            old.tokenTypes(),
            old.taskTypes(),
            old.layerNormEpsilon(),
            0,
            old.zeroPaddingEmbedding());
    return new Model(
        config,
        model.task(),
        store,
        vocabulary,
        model.labels(),
        model.tokenizerOptions(),
        model.provenance());
  }
}
