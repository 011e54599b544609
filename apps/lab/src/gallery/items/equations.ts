/** Equations of several items, as MathML. */

/** U⁻¹ = I/σ² + A − B; K = (σ²/M) K₀ ∘ ΦUΦᵀ; ⟨f⟩ = kᵀ(K + TI)⁻¹y. Theory page ggdln, section 2. */
export const gatedSaddle: string =
  '<math><msup><mi>U</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup><mo>=</mo><mfrac><mi>I</mi><msup><mi>σ</mi><mn>2</mn></msup></mfrac><mo>+</mo><mi>A</mi><mo>−</mo><mi>B</mi></math>' +
  '<math><mi>K</mi><mo>=</mo><mfrac><msup><mi>σ</mi><mn>2</mn></msup><mi>M</mi></mfrac><msub><mi>K</mi><mn>0</mn></msub><mo>∘</mo><mo stretchy="false">(</mo><mi>Φ</mi><mi>U</mi><msup><mi>Φ</mi><mo>⊤</mo></msup><mo stretchy="false">)</mo></math>' +
  '<math><mo stretchy="false">⟨</mo><mi>f</mi><mo stretchy="false">⟩</mo><mo>=</mo><msup><mi>k</mi><mo>⊤</mo></msup><msup><mrow><mo>(</mo><mi>K</mi><mo>+</mo><mi>T</mi><mi>I</mi><mo>)</mo></mrow><mrow><mo>−</mo><mn>1</mn></mrow></msup><mi>y</mi></math>';

/** K = (σ²/M) K₀ ∘ ΦUΦᵀ alone. */
export const gatedKernel: string =
  '<math><msub><mi>K</mi><mrow><mi>μ</mi><mi>ν</mi></mrow></msub><mo>=</mo><mfrac><msup><mi>σ</mi><mn>2</mn></msup><mi>M</mi></mfrac><mfrac><mrow><msub><mi>x</mi><mi>μ</mi></msub><mo>·</mo><msub><mi>x</mi><mi>ν</mi></msub></mrow><msub><mi>N</mi><mn>0</mn></msub></mfrac><msup><mi>g</mi><mo>⊤</mo></msup><mo stretchy="false">(</mo><msub><mi>x</mi><mi>μ</mi></msub><mo stretchy="false">)</mo><mi>U</mi><mi>g</mi><mo stretchy="false">(</mo><msub><mi>x</mi><mi>ν</mi></msub><mo stretchy="false">)</mo></math>';

/** 1 − u/σ² = α(1 − r₀u⁻ᴸ) at T = 0; m = k₀ᵀK₀⁺y; v = uᴸ(κ₀ − k₀ᵀK₀⁺k₀). Theory page bpkr, section 2. */
export const scalarSaddle: string =
  '<math><mn>1</mn><mo>−</mo><mfrac><mi>u</mi><msup><mi>σ</mi><mn>2</mn></msup></mfrac><mo>=</mo><mfrac><mi>P</mi><mi>N</mi></mfrac><mo stretchy="false">(</mo><mn>1</mn><mo>−</mo><msub><mi>r</mi><mn>0</mn></msub><msup><mi>u</mi><mrow><mo>−</mo><mi>L</mi></mrow></msup><mo stretchy="false">)</mo></math>' +
  '<math><mo stretchy="false">⟨</mo><mi>f</mi><mo stretchy="false">⟩</mo><mo>=</mo><msubsup><mi>k</mi><mn>0</mn><mo>⊤</mo></msubsup><msubsup><mi>K</mi><mn>0</mn><mo>+</mo></msubsup><mi>y</mi></math>' +
  '<math><mtext>var</mtext><mi>f</mi><mo>=</mo><msup><mi>u</mi><mi>L</mi></msup><mo stretchy="false">(</mo><msub><mi>κ</mi><mn>0</mn></msub><mo>−</mo><msubsup><mi>k</mi><mn>0</mn><mo>⊤</mo></msubsup><msubsup><mi>K</mi><mn>0</mn><mo>+</mo></msubsup><msub><mi>k</mi><mn>0</mn></msub><mo stretchy="false">)</mo></math>';
