/**
 * Reads and writes model folders of Hugging Face: BERT and ERNIE encoders with their heads, as
 * safetensors or PyTorch files, and their tokenizers.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.zoo.huggingface;
