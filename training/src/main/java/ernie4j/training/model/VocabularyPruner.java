package ernie4j.training.model;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keeps the word embeddings that a corpus needs: the special tokens, then tokens by descending
 * frequency. Ties and tokens that never occur are ordered by their old ids. The word embedding is
 * the largest part of most fine-tuned models.
 *
 * <p>Tokens that were added to the vocabulary keep their rows, after all others. (The reference
 * leaves too few rows for them, and then does not load the embedding at all.)
 */
public final class VocabularyPruner {
  private VocabularyPruner() {}

  /**
   * Chooses the ids to keep.
   *
   * @param tokenizer the tokenizer of the model
   * @param texts texts like those that the model will read, for example all utterances
   * @param vocabulary the number of ids of the vocabulary, without added tokens
   * @param size how many ids to keep, at least the five special ones and at most {@code vocabulary}
   * @return old ids in their new order: [PAD] [CLS] [SEP] [MASK] [UNK], then by frequency
   * @throws IllegalArgumentException if the size is out of range
   */
  public static int[] select(
      Tokenizer tokenizer, Iterable<String> texts, int vocabulary, int size) {
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
        if (id < vocabulary) { // others are added tokens
          frequency[id]++;
        }
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
   * Reduces a model to the words that some texts need and to its first positions: {@link #select},
   * then {@link #prune}.
   *
   * @param model the model to prune; not changed
   * @param tokenizer the tokenizer of the model
   * @param texts texts like those that the pruned model will read
   * @param words how many word embeddings to keep; all if the model has no more
   * @param positions the longest sequence in tokens from now on; all positions if the model has no
   *     more
   * @return the pruned model, with its own vocabulary
   */
  public static Model fit(
      Model model, Tokenizer tokenizer, Iterable<String> texts, int words, int positions) {
    int vocabulary = model.vocabulary().size();
    int[] keep = select(tokenizer, texts, vocabulary, Math.min(words, vocabulary));
    return prune(model, keep, Math.min(positions, model.config().maxPositions()));
  }

  /**
   * Reduces a model to the given rows of its word embedding and to its first positions.
   *
   * @param model the model to prune; not changed
   * @param keep old ids of the vocabulary in their new order
   * @param positions the longest sequence in tokens from now on; at least 3 and at most what the
   *     model has
   * @return the pruned model, with its own vocabulary
   * @throws IllegalArgumentException if the model has fewer positions, or its word embedding holds
   *     int8 codes: prune before quantizing
   */
  public static Model prune(Model model, int[] keep, int positions) {
    EncoderConfig old = model.config();
    if (positions < 3 || positions > old.maxPositions()) {
      throw new IllegalArgumentException(
          "VocabularyPruner: expected 3 to %d positions, got %d"
              .formatted(old.maxPositions(), positions));
    }
    int[] rows = withAddedTokens(model, keep);
    ParameterStore store = new ParameterStore();
    ModelParts.withPositions(model, positions).parameters().asMap().forEach(store::put);
    for (String name : new String[] {ParameterNames.WORD_EMBEDDINGS, HeadNames.MLM_DECODER_BIAS}) {
      if (store.contains(name)) {
        store.replace(name, rows(store.get(name), rows));
      }
    }
    List<String> vocabulary = Arrays.stream(keep).mapToObj(model.vocabulary()::get).toList();
    EncoderConfig config =
        old.toBuilder().vocabularySize(rows.length).maxPositions(positions).paddingId(0).build();
    return model.withVocabulary(config, store, vocabulary);
  }

  /**
   * Gives a model the vocabulary of another one, so that both read a text as the same ids: a
   * teacher, which may have more words or another order of them, that of its student.
   *
   * @param model the model to prune; not changed
   * @param vocabulary the words to keep, in their order
   * @return the pruned model; the model itself if it has this vocabulary already, or lacks a word
   */
  public static Model align(Model model, List<String> vocabulary) {
    Vocabulary known = Vocabulary.of(model.vocabulary());
    if (model.vocabulary().equals(vocabulary)
        || !vocabulary.stream().allMatch(token -> known.idOf(token) >= 0)) {
      return model;
    }
    int[] keep = vocabulary.stream().mapToInt(known::idOf).toArray();
    return prune(model, keep, model.config().maxPositions());
  }

  /** The old rows to keep: those of the vocabulary, then those of added tokens. */
  private static int[] withAddedTokens(Model model, int[] keep) {
    int added = TokenizerOptions.fromMap(model.tokenizerOptions()).addedTokens().size();
    int first = model.vocabulary().size();
    int last = Math.min(first + added, model.config().vocabularySize());
    return IntStream.concat(Arrays.stream(keep), IntStream.range(first, last)).toArray();
  }

  /** Selected rows of a matrix, or values of a vector. */
  private static Tensor rows(Tensor tensor, int[] rows) {
    int width = tensor.size() / tensor.dimension(0);
    int[] shape = tensor.shape();
    shape[0] = rows.length;
    Tensor kept = Tensor.zeros(shape);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(
          tensor.data(), tensor.offset() + rows[i] * width, kept.data(), i * width, width);
    }
    return kept;
  }
}
